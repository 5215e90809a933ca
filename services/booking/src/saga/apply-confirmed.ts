import { enqueue, type Queryable } from "@bookproof/postgres";
import { removeOldEvent } from "../jobs/definitions.ts";
import { cancelAppointmentRow, moveAppointmentRow } from "../queries/appointment-changes.ts";
import { confirmHeldSlot } from "../queries/appointments.ts";
import type { Attempt } from "../queries/attempts.ts";
import { completeContactBooking } from "../queries/contacts.ts";
import { movesInPlace } from "./attempt-calendar.ts";

/** What T2 writes of appointment and slot, by what the attempt was to do, in the transaction that confirms it. */
export async function applyConfirmed(client: Queryable, tenantId: string, attempt: Attempt): Promise<void> {
  const { snapshot, holdId, calendarEventId, appointmentId } = attempt;
  const { contactId, offeringId, was } = snapshot;
  if (attempt.kind === "book" || !was) {
    await confirmHeldSlot(client, { tenantId, holdId, contactId, offeringId, calendarEventId });
    await completeContactBooking(client, tenantId, contactId);
    return;
  }
  if (attempt.kind === "cancel") return cancelAppointmentRow(client, tenantId, { appointmentId, holdId });
  const shiftMs = Date.parse(snapshot.start) - Date.parse(was.start);
  await moveAppointmentRow(client, tenantId, {
    ...{ appointmentId, oldHoldId: was.holdId, newHoldId: holdId, calendarId: snapshot.calendarId, calendarEventId },
    start: new Date(snapshot.start),
    busyFrom: new Date(Date.parse(was.busyFrom) + shiftMs),
    busyTo: new Date(Date.parse(was.busyTo) + shiftMs),
  });
  if (!movesInPlace(attempt)) await enqueue(client, removeOldEvent, { tenantId, attemptId: attempt.id });
}
