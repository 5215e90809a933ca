import type { Queryable } from "@bookproof/postgres";
import type { Logger } from "@bookproof/service";
import { upsertContactByEmail, upsertContactByPhone } from "../queries/contacts.ts";

/** Finds or makes the contact of a customer: by phone where there is one, by e-mail else. @returns its id. */
export async function contactOf(
  client: Queryable,
  logger: Logger,
  customer: { tenantId: string; phone: string; email: string; name: string; bookingSource: string; holdId: string },
): Promise<string> {
  const { tenantId } = customer;
  if (customer.phone) {
    const contactId = await upsertContactByPhone(client, customer);
    logger.info({ tenantId, contactId }, "✅ Upserted contact by phone");
    return contactId;
  }
  const { id: contactId, afterRace } = await upsertContactByEmail(client, customer);
  logger.info(
    { tenantId, contactId },
    afterRace ? "✅ Found contact after race condition retry" : "✅ Upserted contact by email",
  );
  return contactId;
}
