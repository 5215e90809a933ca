import type { Queryable } from "@bookproof/postgres";
import { isConstraint } from "./constraint.ts";

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

/**
 * Finds or creates the contact without a phone that has this e-mail. Contacts with a phone are left alone: nobody has
 * shown that whoever names their e-mail is them. `afterRace`: another caller made it in between.
 */
export async function upsertContactByEmail(
  client: Queryable,
  contact: { tenantId: string; name: string; email: string; bookingSource: string; holdId: string },
): Promise<{ id: string; afterRace: boolean }> {
  const found = await updateContactByEmail(client, contact);
  if (found) return { id: found, afterRace: false };
  await client.query("SAVEPOINT new_contact");
  try {
    const { rows } = await client.query<{ id: string }>(
      `INSERT INTO booking.contacts (tenant_id, email, name, booking_source, last_booking_hold_id)
       VALUES ($1, $2, coalesce(nullif($3, ''), nullif(split_part($2, '@', 1), ''), 'Unknown'), $4, $5) RETURNING id`,
      [contact.tenantId, contact.email, contact.name, contact.bookingSource, contact.holdId],
    );
    await client.query("RELEASE SAVEPOINT new_contact");
    if (rows[0]) return { id: rows[0].id, afterRace: false };
  } catch (error) {
    if (!isConstraint(error, "uq_contacts_org_email_only")) throw error;
    await client.query("ROLLBACK TO SAVEPOINT new_contact");
  }
  const id = await updateContactByEmail(client, contact);
  if (!id) throw new Error("the contact that was in the way of an insert is not there");
  return { id, afterRace: true };
}

async function updateContactByEmail(
  client: Queryable,
  contact: { tenantId: string; name: string; email: string; bookingSource: string; holdId: string },
): Promise<string | undefined> {
  const { rows } = await client.query<{ id: string }>(
    `UPDATE booking.contacts SET name = coalesce(nullif($3, ''), name), booking_source = $4, last_booking_hold_id = $5, updated_at = now()
     WHERE tenant_id = $1 AND lower(email) = lower($2) AND phone IS NULL RETURNING id`,
    [contact.tenantId, contact.email, contact.name, contact.bookingSource, contact.holdId],
  );
  return rows[0]?.id;
}

/** How a contact is named and written to; empty where it has no e-mail. */
export async function selectContact(
  client: Queryable,
  tenantId: string,
  contactId: string,
): Promise<{ name: string; email: string } | undefined> {
  const { rows } = await client.query<{ name: string; email: string }>(
    "SELECT name, coalesce(email, '') AS email FROM booking.contacts WHERE tenant_id = $1 AND id = $2",
    [tenantId, contactId],
  );
  return rows[0];
}

/** Notes that a contact's booking was completed. */
export async function completeContactBooking(client: Queryable, tenantId: string, contactId: string): Promise<void> {
  await client.query(
    "UPDATE booking.contacts SET booking_completed_at = now(), updated_at = now() WHERE tenant_id = $1 AND id = $2",
    [tenantId, contactId],
  );
}
