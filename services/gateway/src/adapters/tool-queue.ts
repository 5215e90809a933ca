import { BookproofError } from "@bookproof/errors";
import { createInFlightGate, type Logger, reportRefusals } from "@bookproof/service";
import type { OverloadLimits } from "../config.ts";
import type { ToolName } from "../domain/vapi/tool-names.ts";
import { toolDeadlines } from "./agent-tools.ts";

const confirming: ReadonlySet<ToolName> = new Set(["verify_otp", "send_confirmation_sms"]);

/** Runs a tool when its turn comes, with the deadline in ms that it then has. */
export type ToolQueue = <T>(
  tool: ToolName,
  signal: AbortSignal,
  run: (within: { deadline: number }) => Promise<T>,
) => Promise<T>;

/**
 * Tools wait here for their turn; those that confirm never behind the others.
 * @returns a function that throws BookproofError `overloaded` when too many wait, when the wait was too long, and when nobody
 * waits for the answer any more (the signal): in each case the tool has not been run
 */
export function createToolQueue(limits: Pick<OverloadLimits, "tools" | "confirmTools">, logger: Logger): ToolQueue {
  const gates = {
    tools: createInFlightGate(limits.tools, reportRefusals(logger, "voice tools")),
    confirmTools: createInFlightGate(limits.confirmTools, reportRefusals(logger, "voice tools that confirm")),
  };
  return async (tool, signal, run) => {
    const name = confirming.has(tool) ? "confirmTools" : "tools";
    const began = performance.now();
    const leave = await gates[name].enter({ signal, patienceMs: limits[name].patienceMs }).catch((cause: unknown) => {
      throw new BookproofError("overloaded", undefined, { cause });
    });
    // `verify_otp` must be answered within 8 s, the queue and its failure's alert included.
    const waitedMs = name === "confirmTools" ? Math.round(performance.now() - began) : 0;
    try {
      return await run({ deadline: toolDeadlines[tool] - waitedMs });
    } finally {
      leave();
    }
  };
}
