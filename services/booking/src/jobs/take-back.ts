import { BookproofError } from "@bookproof/errors";
import { enqueue, withTenant } from "@bookproof/postgres";
import type { Deps } from "../deps.ts";
import { lockAppointment, setDrift } from "../queries/appointment-changes.ts";
import { isConfirmedEvent } from "../queries/appointments.ts";
import { type Attempt, selectAttempt } from "../queries/attempts.ts";
import { attemptCalendar, movesInPlace, timeBefore } from "../saga/attempt-calendar.ts";
import { takeBack } from "./definitions.ts";

/** A write that was cut off can land after it was seen undone; it is looked for this often, this far apart. */
const absentSightingsWanted = 3;
const sightingsApartMs = 5_000;

interface TakeBack {
  tenantId: string;
  attemptId: string;
  absentSightings: number;
}

/**
 * Undoes what a failed attempt may have written to the calendar: an inserted event is deleted, and never one that a confirmed
 * appointment holds; a moved one is put back, never deleted. A deletion cannot be undone: what the calendar shows is noted.
 */
export async function runTakeBack(deps: Deps, payload: TakeBack): Promise<void> {
  const { tenantId, attemptId } = payload;
  const attempt = await withTenant(deps.pool, tenantId, async (client) => {
    const found = await selectAttempt(client, tenantId, attemptId);
    if (found?.status !== "failed") return undefined;
    const isUndoable = makesAnEvent(found)
      ? !(await isConfirmedEvent(client, tenantId, found.calendarEventId))
      : (await lockAppointment(client, tenantId, found.appointmentId))?.drift === "uncertain";
    return isUndoable ? found : undefined;
  });
  if (!attempt) return;
  const seen = await attemptCalendar(deps, tenantId, attempt).look();
  if (attempt.kind === "cancel" && seen === "done") return noteDrift(deps, tenantId, attempt, "deleted");
  if (seen === "done") {
    await undo(deps, tenantId, attempt);
    throw new BookproofError("calendar_outcome_unknown", "The calendar was put back and is looked at again.");
  }
  const absentSightings = payload.absentSightings + 1;
  if (absentSightings >= absentSightingsWanted) return settle(deps, tenantId, attempt, seen);
  await withTenant(deps.pool, tenantId, (client) =>
    enqueue(
      client,
      takeBack,
      { tenantId, attemptId, absentSightings },
      { delayMs: sightingsApartMs, key: `take_back:${attemptId}` },
    ),
  );
}

const makesAnEvent = (attempt: Attempt) =>
  attempt.kind === "book" || (attempt.kind === "move" && !movesInPlace(attempt));

async function undo(deps: Deps, tenantId: string, attempt: Attempt): Promise<void> {
  const where = { tenantId, calendarId: attempt.snapshot.calendarId, eventId: attempt.calendarEventId };
  if (makesAnEvent(attempt)) {
    await deps.calendar.deleteEvent(where);
    return;
  }
  const { appointmentId, cid } = attempt;
  const notAfter = new Date(Date.now() + deps.config.saga.insertTimeoutMs);
  await deps.calendar.patchEvent({ ...where, appointmentId, cid, notAfter, range: timeBefore(attempt) });
}

/** The calendar shows for good that a change did not happen, or, where a human was at it as well, something else. */
async function settle(deps: Deps, tenantId: string, attempt: Attempt, seen: "undone" | "other"): Promise<void> {
  if (attempt.kind === "book") return;
  await noteDrift(deps, tenantId, attempt, seen === "undone" ? "" : "moved");
}

async function noteDrift(deps: Deps, tenantId: string, attempt: Attempt, drift: "" | "deleted" | "moved") {
  const { appointmentId, cid } = attempt;
  await withTenant(deps.pool, tenantId, (client) => setDrift(client, tenantId, appointmentId, drift));
  if (drift) deps.log.failure(cid, "APPOINTMENT_DRIFTED", { appointmentId, drift });
}
