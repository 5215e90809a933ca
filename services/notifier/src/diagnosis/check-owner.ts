import { withTenant } from "@bookproof/postgres";
import type { TenantConnection } from "@bookproof/proto/booking";
import type { Check } from "@bookproof/proto/doctor";
import { failedCheck, maskPhone, okCheck, skippedCheck, warningCheck } from "@bookproof/service";
import { MailError } from "../adapters/mail.ts";
import type { Deps } from "../deps.ts";
import { isOptedOut } from "../queries/opt-outs.ts";

const name = "owner's phone";

/** Whether the phone that alerts go to can be texted. */
export async function checkOwner(deps: Deps, connection: TenantConnection): Promise<Check> {
  const { tenantId, owner, phoneNumbers } = connection;
  const phone = owner?.phone || deps.config.ownerPhone;
  const setPhone = "Set owner.phone in the tenant file, and run `npm run bookproof -- tenant apply FILE`.";
  if (!phone) return failedCheck(name, "The tenant has none: nobody is texted when a booking fails.", setPhone);
  const written = maskPhone(phone);
  if (deps.config.blocklist.has(phone)) {
    const whatToDo = "Take it out of INTERNAL_BLOCKLIST_E164 of notifier and agent, or set another owner.phone.";
    return failedCheck(name, `${written} is in INTERNAL_BLOCKLIST_E164.`, whatToDo);
  }
  if (phoneNumbers.includes(phone)) return failedCheck(name, `${written} is the business's own number.`, setPhone);
  if (await withTenant(deps.pool, tenantId, (client) => isOptedOut(client, tenantId, phone))) {
    const whatToDo = `Text START from that phone to ${phoneNumbers[0] ?? "the business's number"}.`;
    return failedCheck(name, `${written} has opted out of the business's texts (STOP).`, whatToDo);
  }
  return okCheck(name, `${written} can be texted.`);
}

/** Whether the mail server takes us in; nothing is sent. */
export async function checkMail({ mailer }: Deps, { owner }: TenantConnection): Promise<Check> {
  if (!mailer) return skippedCheck("mail", "Not used: SMTP_URL is not set.");
  try {
    await mailer.verify();
  } catch (error) {
    if (!(error instanceof MailError)) throw error;
    const whatToDo =
      "Correct SMTP_URL of the notifier (host, port, user, password), and see that it reaches the server.";
    return failedCheck("mail", `The mail server of SMTP_URL cannot be used: ${error.message}.`, whatToDo);
  }
  if (owner?.email) return okCheck("mail", "The mail server answers, and the owner has an address.");
  const whatToDo = "Set owner.email in the tenant file: mail is the last way when text and call fail.";
  return warningCheck("mail", "The mail server answers, but the owner has no address.", whatToDo);
}
