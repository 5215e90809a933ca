import type { Queryable } from "@bookproof/postgres";
import type { Before } from "./attempts.ts";

/** An appointment that is to be moved or cancelled, with the slot it has. */
export interface ChangingAppointment {
  id: string;
  status: "pending" | "confirmed" | "failed" | "cancelled";
  /** "" where the calendar agrees with the row. */
  drift: string;
  contactId: string;
  offeringId: string;
  address: string;
  bookingSource: string;
  customerName: string;
  customerPhone: string;
  customerEmail: string;
  was: Before;
}

interface Row {
  id: string;
  status: ChangingAppointment["status"];
  drift: string;
  contact_id: string;
  service_type: string;
  address: string;
  booking_source: string;
  name: string;
  phone: string | null;
  email: string | null;
  hold_id: string;
  calendar_id: string;
  calendar_name: string;
  calendar_event_id: string | null;
  scheduled_at: Date;
  duration_minutes: number;
  busy_from: Date;
  busy_to: Date;
}

/** Locks an appointment and the slot it has, in this order, for this transaction. */
export async function lockAppointment(
  client: Queryable,
  tenantId: string,
  appointmentId: string,
): Promise<ChangingAppointment | undefined> {
  await client.query("SELECT 1 FROM booking.appointments WHERE tenant_id = $1 AND id = $2 FOR UPDATE", [
    tenantId,
    appointmentId,
  ]);
  return selectChanging(client, tenantId, appointmentId, "FOR UPDATE OF h");
}

/** The same, as it is at this moment. */
export function selectAppointmentToMove(client: Queryable, tenantId: string, appointmentId: string) {
  return selectChanging(client, tenantId, appointmentId, "");
}

async function selectChanging(
  client: Queryable,
  tenantId: string,
  appointmentId: string,
  lock: "FOR UPDATE OF h" | "",
): Promise<ChangingAppointment | undefined> {
  const { rows } = await client.query<Row>(
    `SELECT a.id, a.status, a.drift, a.contact_id, a.service_type, a.address, a.booking_source, c.name, c.phone, c.email, a.hold_id, a.calendar_id,
       coalesce(t.calendar_names ->> a.calendar_id, '') AS calendar_name, a.calendar_event_id, a.scheduled_at, a.duration_minutes,
       lower(h.busy_range) AS busy_from, upper(h.busy_range) AS busy_to
     FROM booking.appointments a
     JOIN booking.tenants t ON t.tenant_id = a.tenant_id
     JOIN booking.contacts c ON c.tenant_id = a.tenant_id AND c.id = a.contact_id
     JOIN booking.appointment_holds h ON h.tenant_id = a.tenant_id AND h.id = a.hold_id
     WHERE a.tenant_id = $1 AND a.id = $2 ${lock}`,
    [tenantId, appointmentId],
  );
  return rows[0] && toChanging(rows[0]);
}

const toChanging = (row: Row): ChangingAppointment => ({
  id: row.id,
  status: row.status,
  drift: row.drift,
  contactId: row.contact_id,
  offeringId: row.service_type,
  address: row.address,
  bookingSource: row.booking_source,
  customerName: row.name,
  customerPhone: row.phone ?? "",
  customerEmail: row.email ?? "",
  was: {
    holdId: row.hold_id,
    calendarId: row.calendar_id,
    calendarName: row.calendar_name,
    calendarEventId: row.calendar_event_id ?? "",
    start: row.scheduled_at.toISOString(),
    durationMinutes: row.duration_minutes,
    busyFrom: row.busy_from.toISOString(),
    busyTo: row.busy_to.toISOString(),
  },
});

/** Whether something is being done to an appointment at this moment. */
export async function hasStartedAttempt(client: Queryable, tenantId: string, appointmentId: string): Promise<boolean> {
  const { rows } = await client.query(
    "SELECT 1 FROM booking.booking_attempts WHERE tenant_id = $1 AND appointment_id = $2 AND status = 'started'",
    [tenantId, appointmentId],
  );
  return rows.length > 0;
}

/** Notes which appointment a hold was claimed to move. */
export async function setMovedAppointment(
  client: Queryable,
  tenantId: string,
  holdId: string,
  appointmentId: string,
): Promise<void> {
  await client.query(
    "UPDATE booking.appointment_holds SET moves_appointment_id = $3 WHERE tenant_id = $1 AND id = $2 AND status = 'held'",
    [tenantId, holdId, appointmentId],
  );
}

/**
 * T2 of a move: the old slot is free, the new one is the appointment's, whole, and its row shows the new time and event.
 * @throws Error when hold or appointment is not in the state that a move needs
 */
export async function moveAppointmentRow(
  client: Queryable,
  tenantId: string,
  move: {
    appointmentId: string;
    oldHoldId: string;
    newHoldId: string;
    calendarId: string;
    start: Date;
    /** What the new slot occupies, buffers included. */
    busyFrom: Date;
    busyTo: Date;
    calendarEventId: string;
  },
): Promise<void> {
  // The old one first: while both are there the new slot holds only what the old one leaves of it.
  await one(
    client,
    "UPDATE booking.appointment_holds SET status = 'released' WHERE tenant_id = $1 AND id = $2 AND status = 'confirmed'",
    [tenantId, move.oldHoldId],
  );
  await one(
    client,
    `UPDATE booking.appointment_holds SET status = 'confirmed', appointment_id = $3, busy_range = tstzrange($4, $5)
     WHERE tenant_id = $1 AND id = $2 AND status = 'held'`,
    [tenantId, move.newHoldId, move.appointmentId, move.busyFrom, move.busyTo],
  );
  await one(
    client,
    `UPDATE booking.appointments SET scheduled_at = $4, calendar_id = $5, hold_id = $6, calendar_event_id = $7, calendar_insert_ok = true,
       drift = '', drift_seen_at = NULL, verified_at = now(), updated_at = now()
     WHERE tenant_id = $1 AND id = $2 AND hold_id = $3 AND status = 'confirmed'`,
    [tenantId, move.appointmentId, move.oldHoldId, move.start, move.calendarId, move.newHoldId, move.calendarEventId],
  );
}

/** T2 of a cancellation: the row is cancelled and its slot free. @throws Error when the appointment is not a confirmed one */
export async function cancelAppointmentRow(
  client: Queryable,
  tenantId: string,
  { appointmentId, holdId }: { appointmentId: string; holdId: string },
): Promise<void> {
  await one(
    client,
    `UPDATE booking.appointments SET status = 'cancelled', cancelled_at = now(), drift = '', drift_seen_at = NULL, updated_at = now()
     WHERE tenant_id = $1 AND id = $2 AND status = 'confirmed'`,
    [tenantId, appointmentId],
  );
  await client.query(
    "UPDATE booking.appointment_holds SET status = 'released' WHERE tenant_id = $1 AND id = $2 AND status = 'confirmed'",
    [tenantId, holdId],
  );
}

/** Notes what the calendar shows instead of a confirmed appointment; "" once it agrees again. @returns whether that is news. */
export async function setDrift(
  client: Queryable,
  tenantId: string,
  appointmentId: string,
  drift: "" | "uncertain" | "deleted" | "declined" | "moved",
): Promise<boolean> {
  const { rowCount } = await client.query(
    `UPDATE booking.appointments SET drift = $3, drift_seen_at = CASE WHEN $3 <> '' THEN now() END,
       verified_at = CASE WHEN $3 = '' THEN now() ELSE verified_at END
     WHERE tenant_id = $1 AND id = $2 AND status = 'confirmed' AND drift <> $3`,
    [tenantId, appointmentId, drift],
  );
  return rowCount === 1;
}

async function one(client: Queryable, text: string, values: unknown[]): Promise<void> {
  const { rowCount } = await client.query(text, values);
  if (rowCount !== 1) throw new Error(`a change touched ${rowCount} rows where it needs one: ${text.slice(0, 60)}`);
}
