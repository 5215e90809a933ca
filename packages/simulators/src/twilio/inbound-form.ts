import type { MessageEntry } from "./ledger-entry.ts";
import { API_VERSION } from "./resources.ts";

/** The form that Twilio posts for an inbound text. */
export function inboundForm(entry: MessageEntry, optOutType: string | undefined): Record<string, string> {
  const media = entry.mediaUrls.flatMap((url, index) => [
    [`MediaUrl${index}`, url],
    [`MediaContentType${index}`, "image/jpeg"],
  ]);
  return {
    AccountSid: entry.accountSid,
    ApiVersion: API_VERSION,
    Body: entry.body,
    From: entry.from ?? "",
    FromCity: "",
    FromCountry: "US",
    FromState: "",
    FromZip: "",
    MessageSid: entry.sid,
    NumMedia: String(entry.mediaUrls.length),
    NumSegments: String(entry.numSegments),
    SmsMessageSid: entry.sid,
    SmsSid: entry.sid,
    SmsStatus: "received",
    To: entry.to,
    ToCity: "",
    ToCountry: "US",
    ToState: "",
    ToZip: "",
    ...Object.fromEntries(media),
    ...(optOutType === undefined ? {} : { OptOutType: optOutType }),
  };
}
