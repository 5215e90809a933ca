import type { Reason } from "@bookproof/errors";
import { attemptIdOf } from "@bookproof/postgres";

/**
 * The attempt that an alert is about, so that it and booking's own event are one escalation; empty where it is about none.
 * @param holdId the hold being confirmed, if any
 */
export function alertedAttempt(reason: Reason, tenantId: string, holdId: string | undefined): string {
  return reason === "booking_outcome_unknown" && holdId ? attemptIdOf(tenantId, holdId) : "";
}
