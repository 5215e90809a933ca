import { withTenant } from "@bookproof/postgres";
import type { Deps } from "../deps.ts";
import { selectAttempt } from "../queries/attempts.ts";
import { attemptCalendar } from "../saga/attempt-calendar.ts";
import { confirmOrFail } from "../saga/carry-out-attempt.ts";
import { failAttempt, failureReason } from "../saga/fail-attempt.ts";

/** P2: an attempt that nobody ended is settled at its deadline: the calendar shows it done → confirmed, undone or unreadable → failed. */
export async function runSettleAttempt(
  deps: Deps,
  { tenantId, attemptId }: { tenantId: string; attemptId: string },
): Promise<void> {
  const attempt = await withTenant(deps.pool, tenantId, (client) => selectAttempt(client, tenantId, attemptId));
  if (attempt?.status !== "started") return;
  const seen = await attemptCalendar(deps, tenantId, attempt)
    .look()
    .catch(() => "unreadable" as const);
  if (seen === "done") {
    await confirmOrFail(deps, tenantId, attempt);
    return;
  }
  const cause = seen === "unreadable" ? "calendar_unreadable" : "booking_outcome_unknown";
  await failAttempt(deps, tenantId, attempt, {
    reason: failureReason(attempt, "calendar_failed_after_confirm"),
    cause,
    outcomeUnknown: true,
  });
}
