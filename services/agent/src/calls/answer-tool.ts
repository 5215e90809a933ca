import { type Reason, reasonOf, reasons } from "@bookproof/errors";
import { type Queryable, withTenant } from "@bookproof/postgres";
import type { ToolOutcome } from "@bookproof/proto/agent";
import { markSpan, recordTool, runWithCid } from "@bookproof/telemetry";
import type { Deps } from "../deps.ts";
import { toE164 } from "../domain/voice/caller-number.ts";
import type { Call, RequestedByCall } from "../queries/calls.ts";
import { escalateCall } from "./escalate-call.ts";
import { type Asking, openCall } from "./open-call.ts";

/** What a tool found out: what is said, what the call keeps of it, and whether a human is needed. */
export interface ToolAnswer<Fields> {
  outcome: ToolOutcome;
  fields: Fields;
  /** Written in the transaction that stores the answer's trace and escalation. */
  remember?: (client: Queryable) => Promise<void>;
  escalate?: Reason;
  /** What the owner is told of the request, where the call does not know it yet. */
  requested?: RequestedByCall;
}

export const done = (speech: string): ToolOutcome => ({ success: true, speech, reason: "", error: "" });

/** @param error the seed's words where it has some. */
export const refused = (reason: Reason, speech: string, error: string = reasons[reason].says): ToolOutcome => ({
  success: false,
  speech,
  reason,
  error,
});

/** One question of a call to a tool, and how it is answered. */
interface Question<Fields> {
  tool: string;
  asking: Asking;
  work: (call: Call) => Promise<ToolAnswer<Fields>>;
  onFailure: (reason: Reason, call: Call) => ToolAnswer<Fields>;
}

/**
 * Answers one tool of a call: traced before and after, within the call's cid, and measured as long as the caller waits. What goes wrong
 * is answered all the same (`onFailure`) and brought to the owner: a caller is never left without words, nor with words that claim a
 * booking.
 */
export async function answerTool<Fields>(
  deps: Deps,
  tool: string,
  asking: Asking,
  work: (call: Call) => Promise<ToolAnswer<Fields>>,
  onFailure: (reason: Reason, call: Call) => ToolAnswer<Fields>,
): Promise<{ outcome: ToolOutcome } & Fields> {
  const since = performance.now();
  const measure = (outcome: string) => recordTool({ tool, channel: "voice", outcome }, performance.now() - since);
  markSpan({ tool });
  try {
    const call = await openCall(deps, asking);
    const answer = await runWithCid(call.cid, () => answerInCall(deps, call, { tool, asking, work, onFailure }));
    measure(answer.outcome.success ? "ok" : answer.outcome.reason);
    return answer;
  } catch (error) {
    measure(reasonOf(error));
    throw error;
  }
}

async function answerInCall<Fields>(
  deps: Deps,
  call: Call,
  { tool, asking, work, onFailure }: Question<Fields>,
): Promise<{ outcome: ToolOutcome } & Fields> {
  const trace = toolTrace(call);
  markSpan({ conversationId: call.conversationId });
  await traceIgnoredPhone(deps, tool, call, asking);
  await deps.traceSmsFlow({ ...trace, reason: `${tool}: called`, payload: { tool } });
  const { outcome, fields, remember, escalate, requested } = await work(call).catch((error) => {
    const reason = reasonOf(error);
    deps.log.failure(call.cid, "VOICE_TOOL_FAILED", { tool, reason, phone: call.customerPhone }, error);
    return onFailure(reason, call);
  });
  await withTenant(deps.pool, call.tenantId, async (client) => {
    await remember?.(client);
    await deps.traceSmsFlow(
      outcome.success
        ? { ...trace, reason: `${tool}: answered`, payload: { tool, ok: true } }
        : { ...trace, reason: `${tool}: failed`, payload: { tool, ok: false, error: outcome.reason } },
      client,
    );
    if (escalate) await escalateCall(client, call, escalate, { ...call.requested, ...requested });
  });
  return { outcome, ...fields };
}

/** What every trace row of a tool says of its call. */
export const toolTrace = (call: Call) =>
  ({ tenantId: call.tenantId, cid: call.cid, from: call.customerPhone, direction: "internal", stage: "TOOL" }) as const;

/** The call says who calls. A model that names another number is not followed, and it is seen. */
async function traceIgnoredPhone(deps: Deps, tool: string, call: Call, asking: Asking): Promise<void> {
  const { caller, patientPhone } = asking;
  if (!caller.callerPhone || !patientPhone || toE164(patientPhone, call.tenantPhone) === call.customerPhone) return;
  await deps.traceSmsFlow({
    ...toolTrace(call),
    stage: "SKIP",
    reason: "patient_phone_ignored",
    payload: { tool },
  });
}
