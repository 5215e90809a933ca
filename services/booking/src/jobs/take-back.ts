import { BookproofError } from "@bookproof/errors";
import { enqueue, withTenant } from "@bookproof/postgres";
import type { Deps } from "../deps.ts";
import { isConfirmedEvent } from "../queries/appointments.ts";
import { selectAttempt } from "../queries/attempts.ts";
import { attemptCalendar } from "../saga/attempt-calendar.ts";
import { takeBack } from "./definitions.ts";

/** An insert that was cut off can land after it was seen absent; it is looked for this often, this far apart. */
const absentSightingsWanted = 3;
const sightingsApartMs = 5_000;

/** Deletes a failed attempt's calendar event until it is proven absent, and never one that a confirmed appointment holds. */
export async function runTakeBack(
  deps: Deps,
  payload: { tenantId: string; attemptId: string; absentSightings: number },
): Promise<void> {
  const { tenantId, attemptId } = payload;
  const attempt = await withTenant(deps.pool, tenantId, async (client) => {
    const found = await selectAttempt(client, tenantId, attemptId);
    return found && !(await isConfirmedEvent(client, tenantId, found.calendarEventId)) ? found : undefined;
  });
  if (attempt?.status !== "failed") return;
  const { calendarId } = attempt.snapshot;
  if ((await attemptCalendar(deps, tenantId, attempt).get()) === "ours") {
    await deps.calendar.deleteEvent({ tenantId, calendarId, eventId: attempt.calendarEventId });
    throw new BookproofError("calendar_outcome_unknown", "The event was deleted and is looked for again.");
  }
  const absentSightings = payload.absentSightings + 1;
  if (absentSightings >= absentSightingsWanted) return;
  await withTenant(deps.pool, tenantId, (client) =>
    enqueue(
      client,
      takeBack,
      { tenantId, attemptId, absentSightings },
      { delayMs: sightingsApartMs, key: `take_back:${attemptId}` },
    ),
  );
}
