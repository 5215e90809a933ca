import type { Queryable } from "@bookproof/postgres";

/** Creates or updates the contact of a phone number in one statement, so that racing callers meet in one row. */
export async function upsertContactByPhone(
  client: Queryable,
  contact: { tenantId: string; phone: string; name: string; email: string; bookingSource: string; holdId: string },
): Promise<string> {
  const { rows } = await client.query<{ id: string }>(
    `INSERT INTO booking.contacts AS c (tenant_id, phone, name, email, booking_source, last_booking_hold_id)
     VALUES ($1, $2, coalesce(nullif($3, ''), nullif(split_part($4, '@', 1), ''), 'Unknown'), nullif($4, ''), $5, $6)
     ON CONFLICT ON CONSTRAINT uq_contacts_org_phone DO UPDATE SET name = coalesce(nullif($3, ''), c.name), email = coalesce(nullif($4, ''), c.email),
       booking_source = $5, last_booking_hold_id = $6, updated_at = now()
     RETURNING id`,
    [contact.tenantId, contact.phone, contact.name, contact.email, contact.bookingSource, contact.holdId],
  );
  const id = rows[0]?.id;
  if (!id) throw new Error("the contact's upsert returned no row");
  return id;
}

/** Notes that a contact's booking was completed. */
export async function completeContactBooking(client: Queryable, tenantId: string, contactId: string): Promise<void> {
  await client.query(
    "UPDATE booking.contacts SET booking_completed_at = now(), updated_at = now() WHERE tenant_id = $1 AND id = $2",
    [tenantId, contactId],
  );
}
