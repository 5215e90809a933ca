import type { CallEntry, MessageEntry } from "./ledger-entry.ts";
import { API_VERSION } from "./resources.ts";

/** The form of a text's status callback. */
export function messageCallback(entry: MessageEntry): Record<string, string> {
  return {
    AccountSid: entry.accountSid,
    ApiVersion: API_VERSION,
    From: entry.from ?? "",
    MessageSid: entry.sid,
    MessageStatus: entry.status,
    SmsSid: entry.sid,
    SmsStatus: entry.status,
    To: entry.to,
    ...(entry.errorCode === null ? {} : { ErrorCode: String(entry.errorCode) }),
    ...(entry.messagingServiceSid === null ? {} : { MessagingServiceSid: entry.messagingServiceSid }),
  };
}

/** The form of a call's status callback. */
export function callCallback(entry: CallEntry): Record<string, string> {
  return {
    AccountSid: entry.accountSid,
    ApiVersion: API_VERSION,
    CallSid: entry.sid,
    CallStatus: entry.status,
    Direction: "outbound-api",
    From: entry.from,
    To: entry.to,
  };
}
