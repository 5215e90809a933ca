import type { Queryable } from "@bookproof/postgres";

/** A caller's hold that is not over: reserved and not run out, or an appointment's already. */
export interface CallerHold {
  id: string;
  calendarId: string;
  offeringId: string;
  start: Date;
  status: "held" | "confirmed";
  expiresAt: Date;
  contactId: string;
}

/** The live holds of one call, locked: two requests of one caller follow each other. */
export async function lockCallerHolds(client: Queryable, tenantId: string, callKey: string): Promise<CallerHold[]> {
  const { rows } = await client.query<{
    id: string;
    calendar_id: string;
    offering_id: string | null;
    slot_time: Date;
    status: CallerHold["status"];
    expires_at: Date;
    contact_id: string | null;
  }>(
    `SELECT id, calendar_id, offering_id, slot_time, status, expires_at, contact_id FROM booking.appointment_holds
     WHERE tenant_id = $1 AND call_sid = $2 AND (status = 'confirmed' OR (status = 'held' AND expires_at > clock_timestamp()))
     ORDER BY id FOR UPDATE`,
    [tenantId, callKey],
  );
  return rows.map((row) => ({
    id: row.id,
    calendarId: row.calendar_id,
    offeringId: row.offering_id ?? "",
    start: row.slot_time,
    status: row.status,
    expiresAt: row.expires_at,
    contactId: row.contact_id ?? "",
  }));
}

/** How often one call has held one slot before: each time gets its own hold id. @param slot on one of these calendars. */
export async function countCallerHolds(
  client: Queryable,
  tenantId: string,
  slot: { callKey: string; calendarIds: string[]; offeringId: string; start: Date },
): Promise<number> {
  const { rows } = await client.query<{ count: number }>(
    `SELECT count(*)::integer AS count FROM booking.appointment_holds
     WHERE tenant_id = $1 AND call_sid = $2 AND calendar_id = ANY ($3) AND offering_id = $4 AND slot_time = $5`,
    [tenantId, slot.callKey, slot.calendarIds, slot.offeringId, slot.start],
  );
  return rows[0]?.count ?? 0;
}

/** Writes on a held slot who it is for; a hold whose CONFIRM has begun keeps its customer. */
export async function setHoldCustomer(
  client: Queryable,
  tenantId: string,
  holdId: string,
  customer: { contactId: string; name: string; phone: string; email: string; bookingSource: string },
): Promise<void> {
  await client.query(
    `UPDATE booking.appointment_holds h SET contact_id = $3, patient_name = coalesce(nullif($4, ''), patient_name), patient_phone = $5,
       patient_email = $6, booking_source = $7
     WHERE tenant_id = $1 AND id = $2 AND status = 'held'
       AND NOT EXISTS (SELECT FROM booking.booking_attempts a WHERE a.tenant_id = h.tenant_id AND a.hold_id = h.id)`,
    [tenantId, holdId, customer.contactId, customer.name, customer.phone, customer.email, customer.bookingSource],
  );
}
