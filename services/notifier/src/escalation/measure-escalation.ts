import { reasonLabel } from "@bookproof/flow-trace";
import { countMessage, recordEscalationLatency } from "@bookproof/telemetry";
import type { Deps } from "../deps.ts";
import type { NewEscalation } from "../queries/escalations.ts";
import type { Channel } from "./channel.ts";

/** A channel took the owner's alert, the first of an escalation. @param ms since it was raised, in milliseconds */
export function measureAlert(escalation: Pick<NewEscalation, "reason">, channel: Channel, ms: number): void {
  recordEscalationLatency({ channel: channel.name, reason: reasonLabel(escalation.reason) ?? "other" }, ms);
}

/** No channel took the owner's alert this time, or none could be looked up: logged, and counted each time. */
export function reportUnreached(
  deps: Deps,
  escalation: NewEscalation,
  fields: { phase?: string; ref?: string; round?: number; againInMs?: number },
  error?: unknown,
): void {
  const { cid, reason } = escalation;
  deps.log.failure(cid, "ESCALATION_FAILED", { channel: "all", reason, ...fields }, error);
  countMessage({ kind: "escalation", status: "undeliverable" });
}
