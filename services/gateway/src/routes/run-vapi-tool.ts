import { setTimeout as delay } from "node:timers/promises";
import { BookproofError, hasReason, type Reason, reasons } from "@bookproof/errors";
import { attemptIdOf, deterministicUuid } from "@bookproof/postgres";
import type { Caller } from "@bookproof/proto/agent";
import { maskPhone } from "@bookproof/service";
import { z } from "zod";
import { createAgentTools } from "../adapters/agent-tools.ts";
import { createToolQueue } from "../adapters/tool-queue.ts";
import type { Deps } from "../deps.ts";
import { failedAnswer, type ToolAnswer } from "../domain/vapi/tool-answer.ts";
import { readToolArguments, type ToolArguments } from "../domain/vapi/tool-arguments.ts";
import type { ToolName } from "../domain/vapi/tool-names.ts";

/** What a caller waits at most to hear whether a human knows: the longest tool and this stay within 8 s. */
const patienceMs = 450;
const alertMs = 6_000;
const traceMs = 1_000;

export type RunVapiTool = (caller: Caller, tool: ToolName, sent: unknown) => Promise<ToolAnswer>;

/**
 * Runs one tool for a caller whose credential was checked, when its turn comes. What fails is an answer too.
 * @returns a runner for one request; its signal aborts when the request's caller is gone, and what waits then never runs.
 * The runner throws BookproofError `invalid_argument` alone: the arguments are missing or malformed, one sentence says which
 */
export function createVapiToolRunner(deps: Deps): (signal: AbortSignal) => RunVapiTool {
  const tools = createAgentTools(deps.agent);
  const inTurn = createToolQueue(deps.config.overload, deps.logger);
  return (signal) => async (caller, tool, sent) => {
    const given = readToolArguments(tool, sent, caller.callerPhone);
    if (given.tenantId && given.tenantId.toLowerCase() !== caller.tenantId) {
      await traceRefusal(deps, caller, tool);
      return failedAnswer(tool, reasons.tenant_not_found.says, "Please call us again in a few minutes.");
    }
    try {
      return await inTurn(tool, signal, (within) => tools[tool](caller, given, within));
    } catch (error) {
      if (error instanceof BookproofError && error.reason === "invalid_argument") throw error;
      if (error instanceof BookproofError && reasons[error.reason].http < 500)
        return failedAnswer(tool, error.message, "");
      // Nothing was begun, and an alert for each of a flood would only add to it; but a CONFIRM never ends unheard (P2).
      if (hasReason(error, "overloaded") && tool !== "verify_otp")
        return failedAnswer(tool, error.message, "Please call us again in a few minutes.");
      return notCarriedOut(deps, { caller, tool, given, cause: error });
    }
  };
}

/** Leaves a trace of a request whose tenant is not its credential's; a trace that cannot be left stops nothing. */
export async function traceRefusal(deps: Deps, caller: Caller, tool: string): Promise<void> {
  const { tenantId, callId } = caller;
  deps.logger.warn({ tenantId, callId, tool }, "[VAPI_TENANT_REFUSED] the request names another tenant than its own");
  const refusal = { caller, reason: "tenant_not_found", tool };
  await deps.agent.traceRefusal(refusal, { deadline: traceMs }).catch((error: unknown) => {
    deps.logger.warn({ err: error, tenantId, callId }, "[VAPI_REFUSAL_NOT_TRACED]");
  });
}

interface FailedStep {
  caller: Caller;
  tool: ToolName;
  given: ToolArguments;
  cause: unknown;
}

async function notCarriedOut(deps: Deps, step: FailedStep): Promise<ToolAnswer> {
  const { caller, tool, cause } = step;
  const { tenantId, callId } = caller;
  deps.logger.error(
    { err: cause, tenantId, callId, tool, phone: maskPhone(caller.callerPhone) },
    "[VAPI_TOOL_FAILED] the agent did not carry out a tool",
  );
  const humanKnows = await Promise.race([alertOwner(deps, step), delay(patienceMs, false, { ref: false })]);
  const next = humanKnows ? "A human will follow up with you shortly." : "Please call us again in a few minutes.";
  const reason = hasReason(cause, "overloaded") ? "overloaded" : "unavailable";
  return failedAnswer(tool, reasons[reason].says, next);
}

/**
 * P2 without the agent: a step that it handled comes back as an answer, so what it threw, or never answered, is brought to the
 * owner from here. Whether the notifier took the alert; it is tried for longer than the caller waits.
 */
async function alertOwner(deps: Deps, { caller, tool, given, cause }: FailedStep): Promise<boolean> {
  const { tenantId, callId, callerPhone, calledPhone } = caller;
  // Alerts carry plain E.164; what the model wrote may have punctuation.
  const phone = callerPhone || given.patientPhone.replace(/[^+\d]/g, "");
  const start = new Date(given.slotId);
  const reason = tool === "verify_otp" ? confirmFailure(cause) : "turn_failed";
  const alert = {
    tenantId,
    // By its attempt an unknown outcome is resolved once the booking is proven.
    attemptId: reason === "booking_outcome_unknown" ? attemptOf(tenantId, given.holdId) : "",
    // The journey is the agent's to know; derived from the call, so that its failures are one escalation a reason.
    cid: deterministicUuid("voice_step_failed", tenantId, callId || given.holdId || given.appointmentId || phone),
    reason,
    requested: {
      customerPhone: phone,
      customerName: given.patientName,
      start: Number.isNaN(start.getTime()) ? undefined : start,
      offeringName: given.serviceType,
      address: given.address,
      businessPhone: calledPhone,
    },
  };
  try {
    await deps.notifier.notifyOwnerBookingFailure(alert, { deadline: alertMs });
    return true;
  } catch (error) {
    deps.logger.error({ err: error, tenantId, callId }, "[OWNER_NOT_ALERTED] neither agent nor notifier answer");
    return false;
  }
}

/** The attempt of a hold, as booking derives it; empty for what is no hold. */
function attemptOf(tenantId: string, holdId: string): string {
  return z.guid().safeParse(holdId).success ? attemptIdOf(tenantId, holdId) : "";
}

/** A refused CONFIRM was not begun; of any other that failed nobody here knows how far it came. */
function confirmFailure(cause: unknown): Reason {
  return hasReason(cause, "overloaded") ? "booking_failed_after_confirm" : "booking_outcome_unknown";
}
