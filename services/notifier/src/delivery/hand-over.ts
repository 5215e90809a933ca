import { MailError } from "../adapters/mail.ts";
import type { Deps } from "../deps.ts";
import { plainPunctuation } from "../domain/plain-text.ts";
import type { DoorMessage } from "../door/choice.ts";
import { accountOf, statusCallbackUrl } from "../escalation/channels.ts";

/**
 * Gives a message to its channel's provider. @returns the provider's id of it.
 * @throws TwilioError or MailError.
 */
export async function handOver(deps: Deps, door: DoorMessage, words: string): Promise<string> {
  const { connection, from, message } = door;
  const { to, channel } = message;
  const account = accountOf(connection);
  if (channel === "voice") return (await deps.twilio.placeCall(account, { from, to, say: words })).sid;
  if (channel === "sms") {
    const statusCallback = statusCallbackUrl(deps);
    return (await deps.twilio.sendSms(account, { from, to, body: words, statusCallback })).sid;
  }
  if (!deps.mailer) throw new MailError("rejected", 0, "no SMTP_URL is set");
  return deps.mailer.send({ to, subject: mailSubject(door), text: words, id: message.id });
}

function mailSubject({ connection, message }: DoorMessage): string {
  const name = plainPunctuation(connection.name, 40);
  return message.kind === "otp" ? `Your ${name} code` : `Message from ${name}`;
}
