import { attemptIdOf, type Queryable } from "@bookproof/postgres";
import type { Deps } from "../deps.ts";
import { toE164 } from "../domain/phone-number.ts";
import { selectAttempt } from "../queries/attempts.ts";
import { selectContact } from "../queries/contacts.ts";
import { lockHold } from "../queries/holds.ts";
import { insertCode, lockAndCountCodes } from "../queries/one-time-codes.ts";
import { recipientOf } from "./recipient.ts";

/** A code as it must be sent: the only place where its digits are. Phone E.164; either may be empty. */
export interface PreparedCode {
  digits: string;
  /** The first, second … of its hold. */
  sequence: number;
  phone: string;
  email: string;
}

/** Draws and stores a new code for a live hold, within the limits. @param phone the hold's where it is given. */
export async function prepareCode(
  deps: Deps,
  client: Queryable,
  { tenantId, holdId, phone }: { tenantId: string; holdId: string; phone: string },
): Promise<PreparedCode | "no_live_hold" | "limit_reached"> {
  const hold = await lockHold(client, tenantId, holdId);
  if (hold?.status !== "held" || !hold.unexpired) return "no_live_hold";
  if (phone && toE164(phone, hold.customerPhone) !== hold.customerPhone) return "no_live_hold";
  // Its CONFIRM has begun: there is nothing left to verify.
  if (await selectAttempt(client, tenantId, attemptIdOf(tenantId, holdId))) return "no_live_hold";

  const recipient = recipientOf(hold);
  const recipientHash = deps.codes.recipientHash(tenantId, recipient);
  const sent = await lockAndCountCodes(client, tenantId, { holdId, recipientHash });
  const { codesPerHold, codesPerRecipient, codesPerTenant } = deps.config.voice;
  if (sent.forHold >= codesPerHold || sent.toRecipient >= codesPerRecipient || sent.forTenant >= codesPerTenant)
    return "limit_reached";
  const digits = deps.codes.draw();
  const sequence = sent.forHold + 1;
  const sealed = deps.codes.seal({ tenantId, holdId, recipient }, digits);
  await insertCode(client, tenantId, { holdId, sequence, recipientHash, sealed });
  const contact = hold.contactId ? await selectContact(client, tenantId, hold.contactId) : undefined;
  return { digits, sequence, phone: hold.customerPhone, email: hold.customerEmail || contact?.email || "" };
}
