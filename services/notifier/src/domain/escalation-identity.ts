import { createHash } from "node:crypto";

/**
 * What makes an escalation the same one, whoever raises it: its attempt, else the attempt it follows, or its journey, and its
 * reason.
 */
export function escalationKey(escalation: {
  attemptId: string;
  cid: string;
  reason: string;
  followsAttemptId?: string;
}): string {
  return escalation.attemptId || `${escalation.followsAttemptId || escalation.cid}:${escalation.reason}`;
}

/** Reasons that speak of one CONFIRM's end: booking and the door may each see it, and name it differently. */
const endsOfAnAttempt: ReadonlySet<string> = new Set([
  "booking_failed_after_confirm",
  "calendar_failed_after_confirm",
  "booking_outcome_unknown",
  "move_failed_after_confirm",
  "cancel_failed_after_confirm",
]);

/** Whether a reason tells how a CONFIRM ended. */
export function endsAttempt(reason: string): boolean {
  return endsOfAnAttempt.has(reason);
}

const ofCalendar: ReadonlySet<string> = new Set([
  "appointment_moved_by_hand",
  "appointment_deleted_by_hand",
  "appointment_declined_by_hand",
  "appointment_conflicts",
  "orphan_event",
  "calendar_needs_reconnecting",
]);

/** Whether a reason tells what a calendar shows, which no customer's conversation led to. */
export function isOfCalendar(reason: string): boolean {
  return ofCalendar.has(reason);
}

/** All of them, for a query. */
export const attemptEndReasons: readonly string[] = [...endsOfAnAttempt];

// Without I, L, O, 0 and 1: it is read out on the phone.
const refAlphabet = "ABCDEFGHJKMNPQRSTUVWXYZ23456789";

/** Four signs for the owner's text, the same for the same escalation, e.g. "7F3K". */
export function escalationRef(tenantId: string, key: string): string {
  const bytes = createHash("sha256").update(`${tenantId} ${key}`).digest().subarray(0, 4);
  return [...bytes].map((byte) => refAlphabet[byte % refAlphabet.length]).join("");
}
