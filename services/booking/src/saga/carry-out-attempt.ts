import { reasonOf } from "@bookproof/errors";
import type { Deps } from "../deps.ts";
import { proveCalendarChange } from "../domain/prove-calendar-change.ts";
import type { Attempt } from "../queries/attempts.ts";
import { attemptCalendar } from "./attempt-calendar.ts";
import { confirmAttempt } from "./confirm-attempt.ts";
import { failAttempt, failureReason } from "./fail-attempt.ts";

/** C, then T2 or F: carries an attempt that T1 has begun to its end. */
export async function carryOutAttempt(deps: Deps, tenantId: string, attempt: Attempt): Promise<Attempt> {
  const verdict = await proveCalendarChange(attemptCalendar(deps, tenantId, attempt));
  if (!verdict.proven) {
    const { cause, outcomeUnknown } = verdict;
    return failAttempt(deps, tenantId, attempt, {
      reason: failureReason(attempt, "calendar_failed_after_confirm"),
      cause,
      outcomeUnknown,
    });
  }
  return confirmOrFail(deps, tenantId, attempt);
}

/** T2 for an event that is proven, or F: an attempt whose row cannot be confirmed ends too (P2). */
export async function confirmOrFail(deps: Deps, tenantId: string, attempt: Attempt): Promise<Attempt> {
  try {
    return await confirmAttempt(deps, tenantId, attempt);
  } catch (error) {
    // The calendar has it but the row could not be changed: no proof, so no claim, and the calendar is put back.
    const failure = {
      reason: failureReason(attempt, "booking_failed_after_confirm"),
      cause: reasonOf(error),
      outcomeUnknown: true,
      error,
    };
    return failAttempt(deps, tenantId, attempt, failure);
  }
}
