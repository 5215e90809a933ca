import { BookproofError } from "@bookproof/errors";
import { withTenant } from "@bookproof/postgres";
import type { Deps } from "../deps.ts";
import { isConfirmedEvent } from "../queries/appointments.ts";
import { selectAttempt } from "../queries/attempts.ts";

/** Deletes the event on the calendar that an appointment was moved from until it is proven absent, and none that an appointment holds. */
export async function runRemoveOldEvent(
  deps: Deps,
  { tenantId, attemptId }: { tenantId: string; attemptId: string },
): Promise<void> {
  const was = await withTenant(deps.pool, tenantId, async (client) => {
    const attempt = await selectAttempt(client, tenantId, attemptId);
    const before = attempt?.status === "confirmed" ? attempt.snapshot.was : undefined;
    return before && !(await isConfirmedEvent(client, tenantId, before.calendarEventId)) ? before : undefined;
  });
  if (!was) return;
  const where = { tenantId, calendarId: was.calendarId, eventId: was.calendarEventId };
  await deps.calendar.deleteEvent(where);
  const { event } = await deps.calendar.getEvent(where);
  if (event?.live)
    throw new BookproofError("calendar_outcome_unknown", "The old event is still there; it is deleted again.");
}
