import { setTimeout as sleep } from "node:timers/promises";
import type { TenantConnection } from "@bookproof/proto/booking";
import type { TwilioAccount } from "../adapters/twilio.ts";
import { TwilioError } from "../adapters/twilio-error.ts";
import type { Deps } from "../deps.ts";
import type { AlertWords, Channel } from "./channel.ts";

export const accountOf = (connection: TenantConnection): TwilioAccount => ({
  accountSid: connection.twilio?.accountSid ?? "",
  authToken: connection.twilio?.authToken ?? "",
});

/** A tenant's channels in the order in which they are tried. Blocked numbers, and the tenant's own, are left out, loudly. */
export function ownerChannels(deps: Deps, connection: TenantConnection, cid: string): Channel[] {
  const { config } = deps;
  const from = connection.phoneNumbers[0] ?? "";
  const owner = connection.owner?.phone || config.ownerPhone;
  const vip = connection.owner?.vipPhone || config.vipPhone;
  const phones: Channel[] = [
    { name: "owner_sms", kind: "sms", to: owner, from },
    { name: "vip_sms", kind: "sms", to: vip === owner ? "" : vip, from },
    { name: "owner_call", kind: "voice", to: owner, from },
  ];
  const reachable = phones.filter(({ name, to }) => {
    if (!to) return false;
    const isInternal = config.blocklist.has(to) || connection.phoneNumbers.includes(to);
    if (isInternal) {
      deps.log.failure(cid, "ESCALATION_FAILED", { channel: name, to, reason: "internal_blocklist" });
    }
    return !isInternal;
  });
  const email = connection.owner?.email ?? "";
  return deps.mailer && email ? [...reachable, { name: "owner_email", kind: "email", to: email, from: "" }] : reachable;
}

/**
 * Sends an alert and resolves to its id at the carrier. A text whose send ended unknown is looked up; one that is found was sent.
 * @param known which of some sids are other messages of ours.
 * @throws TwilioError or the mail server's error.
 */
export async function sendAlert(
  deps: Deps,
  connection: TenantConnection,
  channel: Channel,
  words: AlertWords,
  known: (sids: string[]) => Promise<ReadonlySet<string>>,
): Promise<string> {
  const account = accountOf(connection);
  const { to, from } = channel;
  if (channel.kind === "email") {
    if (!deps.mailer) throw new Error("no SMTP_URL is set");
    return deps.mailer.send({ to, subject: words.subject, text: words.text });
  }
  if (channel.kind === "voice") return (await deps.alertTwilio.placeCall(account, { to, from, say: words.call })).sid;
  const startedAt = new Date();
  try {
    const statusCallback = statusCallbackUrl(deps);
    return (await deps.alertTwilio.sendSms(account, { to, from, body: words.text, statusCallback })).sid;
  } catch (error) {
    if (!(error instanceof TwilioError && error.kind === "unknown")) throw error;
    await sleep(deps.config.times.lookUpWaitMs);
    const sid = await findAlert(deps, connection, { to, mark: words.mark, since: startedAt }, known);
    if (!sid) throw error;
    return sid;
  }
}

/** How far Twilio's clock may be behind ours. */
const clockSkewMs = 30_000;

/** The sid of an alert's text that Twilio holds and we do not know of. */
export async function findAlert(
  deps: Deps,
  connection: TenantConnection,
  sought: { to: string; mark: string; since: Date },
  known: (sids: string[]) => Promise<ReadonlySet<string>>,
): Promise<string | undefined> {
  const since = new Date(sought.since.getTime() - clockSkewMs);
  const sent = await deps.alertTwilio.listSent(accountOf(connection), { to: sought.to, since });
  const candidates = sent.filter(({ body }) => body.includes(sought.mark)).map(({ sid }) => sid);
  const others = await known(candidates);
  return candidates.find((sid) => !others.has(sid));
}

/** Where Twilio reports deliveries. */
export const statusCallbackUrl = (deps: Deps): string => `${deps.config.publicUrl}/api/twilio/status`;
