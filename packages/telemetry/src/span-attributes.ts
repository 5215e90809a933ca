import { trace } from "@opentelemetry/api";

/**
 * Every span attribute of ours; all others follow OpenTelemetry's semantic conventions. None carries a phone number, a body, a name,
 * an address or a code.
 */
export const spanAttributes = {
  /** The journey, on every span; outside of one the trace's own id. */
  cid: "cid",
  /** The tenant, on every span of its work. */
  tenantId: "tenant_id",
  /** A stage of seed 001: INBOUND, AGENT, TOOL, CONFIRM, BOOKED, NEEDS_HUMAN, FAILED, … The last one a span has reached. */
  stage: "bookproof.stage",
  /** A reason of packages/errors, or what the stage names. */
  stageReason: "bookproof.stage_reason",
  attemptId: "bookproof.attempt_id",
  /** confirmed or failed. */
  attemptOutcome: "bookproof.attempt_outcome",
  conversationId: "bookproof.conversation_id",
  /** The kind of job, e.g. take_turn. */
  task: "bookproof.task",
  /** The how many-th try of a job, from 1. */
  tries: "bookproof.tries",
  /** A tool of the voice assistant. */
  tool: "bookproof.tool",
  /** alert, confirmation, reminder, … */
  messageKind: "bookproof.message_kind",
  /** queued, sent, delivered, undelivered, … */
  messageStatus: "bookproof.message_status",
} as const;

type OwnAttribute = keyof typeof spanAttributes;

/** Sets attributes of ours on the span being worked in, if there is one; what is undefined stays as it is. */
export function markSpan(values: Partial<Record<OwnAttribute, string | number | undefined>>): void {
  const span = trace.getActiveSpan();
  if (!span) return;
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined) span.setAttribute(spanAttributes[name as OwnAttribute], value);
  }
}
