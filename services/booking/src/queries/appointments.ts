import type { Queryable } from "@bookproof/postgres";
import type { AppointmentSummary } from "@bookproof/proto/booking";

interface AppointmentRow {
  id: string;
  status: "pending" | "confirmed" | "failed" | "cancelled";
  scheduled_at: Date;
  duration_minutes: number;
  offering_name: string;
  calendar_id: string;
  calendar_name: string;
  calendar_event_id: string | null;
  address: string;
  customer_name: string;
  customer_phone: string | null;
  customer_email: string | null;
  high_value: boolean;
  booking_source: string;
  drift: string;
  verified_at: Date | null;
}

export interface AppointmentWithStatus {
  status: AppointmentRow["status"];
  /** What the calendar shows instead, "" where it agrees with the row. */
  drift: string;
  verifiedAt: Date | undefined;
  summary: AppointmentSummary;
}

const selection = `SELECT a.id, a.status, a.scheduled_at, a.duration_minutes, a.calendar_id, coalesce(o.name, a.service_type) AS offering_name, coalesce(t.calendar_names ->> a.calendar_id, '') AS calendar_name,
    a.calendar_event_id, a.address, c.name AS customer_name, c.phone AS customer_phone,
    c.email AS customer_email, coalesce(o.high_value, false) AS high_value, a.booking_source, a.drift, a.verified_at
  FROM booking.appointments a
  JOIN booking.tenants t ON t.tenant_id = a.tenant_id
  JOIN booking.contacts c ON c.tenant_id = a.tenant_id AND c.id = a.contact_id
  LEFT JOIN booking.offerings o ON o.tenant_id = a.tenant_id AND o.id = a.service_type`;

const toAppointment = (row: AppointmentRow): AppointmentWithStatus => ({
  status: row.status,
  drift: row.drift,
  verifiedAt: row.verified_at ?? undefined,
  summary: {
    appointmentId: row.id,
    start: row.scheduled_at,
    end: new Date(row.scheduled_at.getTime() + row.duration_minutes * 60_000),
    offeringName: row.offering_name,
    calendarId: row.calendar_id,
    calendarName: row.calendar_name,
    calendarEventId: row.calendar_event_id ?? "",
    address: row.address,
    customerName: row.customer_name,
    customerPhone: row.customer_phone ?? "",
    customerEmail: row.customer_email ?? "",
    highValue: row.high_value,
    bookingSource: row.booking_source,
  },
});

/** An appointment that is not yet proven: it stays pending until its calendar event exists. */
export async function insertPendingAppointment(
  client: Queryable,
  tenantId: string,
  appointment: {
    id: string;
    contactId: string;
    offeringId: string;
    calendarId: string;
    start: Date;
    durationMinutes: number;
    address: string;
    holdId: string;
    bookingSource: string;
    /** Whether the customer has proven by a code that they can be reached. */
    otpVerified: boolean;
  },
): Promise<void> {
  await client.query(
    `INSERT INTO booking.appointments (id, tenant_id, contact_id, service_type, calendar_id, scheduled_at, duration_minutes, address, status, hold_id,
       booking_source, otp_verified, otp_verified_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'pending', $9, $10, $11, CASE WHEN $11 THEN now() END)`,
    [
      appointment.id,
      tenantId,
      appointment.contactId,
      appointment.offeringId,
      appointment.calendarId,
      appointment.start,
      appointment.durationMinutes,
      appointment.address,
      appointment.holdId,
      appointment.bookingSource,
      appointment.otpVerified,
    ],
  );
}

/** T2's SQL. @throws Error when the hold or appointment is not in the state a confirm needs. */
export async function confirmHeldSlot(
  client: Queryable,
  confirm: { tenantId: string; holdId: string; contactId: string; offeringId: string; calendarEventId: string },
): Promise<void> {
  const { rows } = await client.query<{ answer: { success: boolean; error?: string } }>(
    "SELECT booking.confirm_held_slot($1, $2, $3, $4, $5) AS answer",
    [confirm.holdId, confirm.tenantId, confirm.contactId, confirm.offeringId, confirm.calendarEventId],
  );
  if (!rows[0]?.answer.success) throw new Error(`confirm_held_slot refused: ${rows[0]?.answer.error ?? "no answer"}`);
}

export async function failPendingAppointment(
  client: Queryable,
  tenantId: string,
  appointmentId: string,
): Promise<void> {
  await client.query(
    "UPDATE booking.appointments SET status = 'failed', updated_at = now() WHERE tenant_id = $1 AND id = $2 AND status = 'pending'",
    [tenantId, appointmentId],
  );
}

export async function selectAppointment(
  client: Queryable,
  tenantId: string,
  id: string,
): Promise<AppointmentWithStatus | undefined> {
  const { rows } = await client.query<AppointmentRow>(`${selection} WHERE a.tenant_id = $1 AND a.id = $2`, [
    tenantId,
    id,
  ]);
  return rows[0] && toAppointment(rows[0]);
}

/** Confirmed appointments of a customer that have not begun, soonest first. */
export async function selectUpcomingAppointments(
  client: Queryable,
  tenantId: string,
  customerPhone: string,
): Promise<AppointmentSummary[]> {
  const { rows } = await client.query<AppointmentRow>(
    `${selection} WHERE a.tenant_id = $1 AND c.phone = $2 AND a.status = 'confirmed' AND a.scheduled_at > now() ORDER BY a.scheduled_at LIMIT 20`,
    [tenantId, customerPhone],
  );
  return rows.map((row) => toAppointment(row).summary);
}

/** Whether a confirmed appointment holds this calendar event: such an event is never taken back. */
export async function isConfirmedEvent(client: Queryable, tenantId: string, calendarEventId: string): Promise<boolean> {
  const { rows } = await client.query(
    "SELECT 1 FROM booking.appointments WHERE tenant_id = $1 AND calendar_event_id = $2 AND status = 'confirmed'",
    [tenantId, calendarEventId],
  );
  return rows.length > 0;
}

/** A calendar's confirmed appointments that begin within a range. */
export async function selectConfirmedOn(
  client: Queryable,
  tenantId: string,
  calendarId: string,
  range: { from: Date; to: Date },
): Promise<AppointmentSummary[]> {
  const { rows } = await client.query<AppointmentRow>(
    `${selection} WHERE a.tenant_id = $1 AND a.calendar_id = $2 AND a.status = 'confirmed' AND a.scheduled_at >= $3 AND a.scheduled_at < $4
     ORDER BY a.scheduled_at`,
    [tenantId, calendarId, range.from, range.to],
  );
  return rows.map((row) => toAppointment(row).summary);
}

/** Appointments that begin within a range, whatever became of them, by time. */
export async function selectAppointments(
  client: Queryable,
  tenantId: string,
  wanted: { from: Date; to: Date; calendarId: string; customerPhone: string; limit: number },
): Promise<AppointmentWithStatus[]> {
  const { rows } = await client.query<AppointmentRow>(
    `${selection} WHERE a.tenant_id = $1 AND a.scheduled_at >= $2 AND a.scheduled_at < $3 AND ($4 = '' OR a.calendar_id = $4) AND ($5 = '' OR c.phone = $5)
     ORDER BY a.scheduled_at, a.id LIMIT $6`,
    [tenantId, wanted.from, wanted.to, wanted.calendarId, wanted.customerPhone, wanted.limit],
  );
  return rows.map(toAppointment);
}
