import type { Accounts, TwilioAccount } from "./accounts.ts";
import { type Form, isPhoneNumber, newSid } from "./form.ts";
import type { MessageEntry } from "./ledger-entry.ts";
import { TwilioRefusal } from "./refusal.ts";
import { countSegments } from "./segments.ts";

const MAX_BODY_LENGTH = 1600;

/** What the checks on a new message need to know. */
export type MessageChecks = {
  account: TwilioAccount;
  accounts: Accounts;
  isOptedOut(customer: string, number: string): boolean;
  now: number;
};

/**
 * Checks a `POST Messages.json` as Twilio does and makes the ledger's entry of it, status queued.
 * @throws TwilioRefusal 21604 no To, 21211 bad To, 21603 no sender, 21212 bad From, 21606 From not the account's, 21660
 * From another account's, 21266 To = From, 21602 no Body, 21617 Body too long, 21610 opted out
 */
export function acceptMessage(form: Form, checks: MessageChecks): MessageEntry {
  const { account, now } = checks;
  const to = checkRecipient(form.one("To"));
  const messagingServiceSid = form.one("MessagingServiceSid") ?? null;
  const from = form.one("From") ?? senderOfService(messagingServiceSid, account);
  if (from !== null) checkSender(from, to, checks);
  const body = form.one("Body") ?? "";
  const mediaUrls = form.all("MediaUrl");
  if (body === "" && mediaUrls.length === 0) throw new TwilioRefusal(400, 21602, "Message body is required.");
  if (body.length > MAX_BODY_LENGTH) {
    throw new TwilioRefusal(
      400,
      21617,
      "The concatenated message body exceeds the 1600 character limit. Reduce the message body length and try again.",
    );
  }
  if (from !== null && checks.isOptedOut(to, from)) {
    throw new TwilioRefusal(400, 21610, "Attempt to send to unsubscribed recipient");
  }
  return {
    sid: newSid(mediaUrls.length > 0 ? "MM" : "SM"),
    accountSid: account.sid,
    direction: "outbound-api",
    from,
    to,
    body,
    status: messagingServiceSid === null ? "queued" : "accepted",
    numSegments: countSegments(body),
    mediaUrls,
    messagingServiceSid,
    statusCallback: form.one("StatusCallback") ?? null,
    errorCode: null,
    acceptedAt: now,
    sentAt: null,
    updatedAt: now,
  };
}

function checkRecipient(to: string | undefined): string {
  if (to === undefined || to === "") throw new TwilioRefusal(400, 21604, "A 'To' phone number is required.");
  if (!isPhoneNumber(to)) throw new TwilioRefusal(400, 21211, `The 'To' number ${to} is not a valid phone number.`);
  return to;
}

/** A Messaging Service picks a number of its pool; here the account's first. */
function senderOfService(messagingServiceSid: string | null, account: TwilioAccount): string | null {
  if (messagingServiceSid === null) throw new TwilioRefusal(400, 21603, "A 'From' phone number is required.");
  return account.phoneNumbers?.[0] ?? null;
}

function checkSender(from: string, to: string, { account, accounts }: MessageChecks): void {
  if (!isPhoneNumber(from)) {
    throw new TwilioRefusal(400, 21212, `The 'From' number ${from} is not a valid phone number.`);
  }
  const owner = accounts.declaredOwnerOf(from);
  if (owner !== undefined && owner.sid !== account.sid) {
    throw new TwilioRefusal(400, 21660, `Mismatch between the 'From' number ${from} and the account ${account.sid}`);
  }
  if (owner === undefined && account.phoneNumbers !== undefined) {
    throw new TwilioRefusal(
      400,
      21606,
      `The 'From' phone number provided (${from}) is not a valid message-capable Twilio phone number for this destination/account.`,
    );
  }
  if (from === to) throw new TwilioRefusal(400, 21266, "'To' and 'From' number cannot be the same");
}
