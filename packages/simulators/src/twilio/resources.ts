import { DateTime } from "luxon";
import { settingsOf, type TwilioAccount } from "./accounts.ts";
import type { CallEntry, MessageEntry } from "./ledger-entry.ts";

export const API_VERSION = "2010-04-01";

/** The Message resource, as the API answers it. */
export function messageResource(entry: MessageEntry): object {
  const uri = `/${API_VERSION}/Accounts/${entry.accountSid}/Messages/${entry.sid}`;
  return {
    account_sid: entry.accountSid,
    api_version: API_VERSION,
    body: entry.body,
    date_created: rfc2822(entry.acceptedAt),
    date_sent: rfc2822(entry.sentAt),
    date_updated: rfc2822(entry.updatedAt),
    direction: entry.direction,
    error_code: entry.errorCode,
    error_message: null,
    from: entry.from,
    messaging_service_sid: entry.messagingServiceSid,
    num_media: String(entry.mediaUrls.length),
    num_segments: String(entry.numSegments),
    price: null,
    price_unit: "USD",
    sid: entry.sid,
    status: entry.status,
    subresource_uris: { media: `${uri}/Media.json` },
    to: entry.to,
    uri: `${uri}.json`,
  };
}

/** The Call resource, as the API answers it. */
export function callResource(entry: CallEntry): object {
  return {
    account_sid: entry.accountSid,
    annotation: null,
    answered_by: null,
    api_version: API_VERSION,
    caller_name: null,
    date_created: rfc2822(entry.acceptedAt),
    date_updated: rfc2822(entry.updatedAt),
    direction: "outbound-api",
    duration: entry.status === "completed" ? "1" : null,
    end_time: entry.status === "queued" ? null : rfc2822(entry.updatedAt),
    forwarded_from: null,
    from: entry.from,
    from_formatted: entry.from,
    group_sid: null,
    parent_call_sid: null,
    phone_number_sid: null,
    price: null,
    price_unit: "USD",
    queue_time: "0",
    sid: entry.sid,
    start_time: entry.status === "queued" ? null : rfc2822(entry.acceptedAt),
    status: entry.status,
    subresource_uris: {},
    to: entry.to,
    to_formatted: entry.to,
    trunk_sid: null,
    uri: `/${API_VERSION}/Accounts/${entry.accountSid}/Calls/${entry.sid}.json`,
  };
}

/** The Account resource. Twilio shows the owner its own token. */
export function accountResource(account: TwilioAccount, now: number): object {
  const uri = `/${API_VERSION}/Accounts/${account.sid}`;
  return {
    auth_token: account.authToken,
    date_created: rfc2822(now),
    date_updated: rfc2822(now),
    friendly_name: `Simulated account ${account.sid}`,
    owner_account_sid: account.sid,
    sid: account.sid,
    status: account.status ?? "active",
    subresource_uris: { calls: `${uri}/Calls.json`, messages: `${uri}/Messages.json` },
    type: account.type ?? "Full",
    uri: `${uri}.json`,
  };
}

/** An IncomingPhoneNumber resource; its sid is made of the number's digits. */
export function phoneNumberResource(account: TwilioAccount, phoneNumber: string, smsUrl: string | undefined): object {
  const settings = settingsOf(account, phoneNumber);
  const sid = `PN${phoneNumber.replace(/\D/g, "").padStart(32, "0")}`;
  return {
    account_sid: account.sid,
    api_version: API_VERSION,
    beta: false,
    address_requirements: "none",
    address_sid: null,
    capabilities: { fax: false, mms: settings.canText, sms: settings.canText, voice: settings.canCall },
    friendly_name: phoneNumber,
    origin: "twilio",
    phone_number: phoneNumber,
    sid,
    sms_application_sid: settings.smsApplicationSid,
    sms_fallback_method: "POST",
    sms_fallback_url: "",
    sms_method: settings.smsMethod,
    sms_url: settings.smsUrl ?? smsUrl ?? "",
    status: "in-use",
    uri: `/${API_VERSION}/Accounts/${account.sid}/IncomingPhoneNumbers/${sid}.json`,
  };
}

/** RFC 2822 in GMT, whole seconds, as all dates of this API: "Wed, 18 Aug 2010 20:01:40 +0000". */
function rfc2822(at: number | null): string | null {
  return at === null ? null : DateTime.fromMillis(at, { zone: "utc" }).toRFC2822();
}
