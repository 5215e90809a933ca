import { reasonOf } from "@bookproof/errors";
import type { Deps } from "../deps.ts";
import { proveCalendarEvent } from "../domain/prove-calendar-event.ts";
import type { Attempt } from "../queries/attempts.ts";
import { attemptCalendar } from "./attempt-calendar.ts";
import { confirmAttempt } from "./confirm-attempt.ts";
import { failAttempt } from "./fail-attempt.ts";

/** C, then T2 or F: carries an attempt that T1 has begun to its end. */
export async function carryOutAttempt(deps: Deps, tenantId: string, attempt: Attempt): Promise<Attempt> {
  const verdict = await proveCalendarEvent(attemptCalendar(deps, tenantId, attempt));
  if (!verdict.proven) {
    const { cause, insertOutcomeUnknown } = verdict;
    return failAttempt(deps, tenantId, attempt, {
      reason: "calendar_failed_after_confirm",
      cause,
      insertOutcomeUnknown,
    });
  }
  return confirmOrFail(deps, tenantId, attempt);
}

/** T2 for an event that is proven, or F: an attempt whose row cannot be confirmed ends too (P2). */
export async function confirmOrFail(deps: Deps, tenantId: string, attempt: Attempt): Promise<Attempt> {
  try {
    return await confirmAttempt(deps, tenantId, attempt);
  } catch (error) {
    // The event exists but the row could not be confirmed: no proof, so no claim, and the event goes.
    const failure = {
      reason: "booking_failed_after_confirm",
      cause: reasonOf(error),
      insertOutcomeUnknown: true,
      error,
    } as const;
    return failAttempt(deps, tenantId, attempt, failure);
  }
}
