import { reasonRow } from "@bookproof/errors";
import { describeSlot } from "./describe-slot.ts";
import { endsAttempt, isOfCalendar } from "./escalation-identity.ts";
import { plainAscii } from "./plain-text.ts";

/** What the owner needs to know of an escalation. */
export interface OwnerAlert {
  /** A reason of packages/errors. */
  reason: string;
  cid: string;
  ref: string;
  /** E.164. */
  customerPhone: string;
  customerName: string;
  start: Date | undefined;
  offeringName: string;
  address: string;
  /** A sentence besides; may be empty. */
  note: string;
  /** What the owner is to open, behind the public URL; "" means the inbox. */
  linkPath: string;
}

export interface AlertContext {
  timeZone: string;
  /** Where the console is, without a slash at its end. */
  publicUrl: string;
  now: Date;
}

/** How an alert begins, and what the owner is asked to do, where the reason is not that a booking failed. */
const openings: Readonly<Record<string, readonly [opening: string, request: string]>> = {
  booking_outcome_unknown: ["booking outcome UNKNOWN after CONFIRM.", "Please check the calendar and contact them."],
  move_failed_after_confirm: [
    "a move FAILED after CONFIRM.",
    "The appointment may still be at its old time. Please check the calendar and contact them.",
  ],
  cancel_failed_after_confirm: [
    "a cancellation FAILED after CONFIRM.",
    "The appointment may still stand. Please check the calendar and contact them.",
  ],
  customer_opted_out: ["a customer cannot be texted.", "Please call them."],
  customer_unreachable: ["a text did not reach a customer.", "Please call them."],
  customer_may_want_to_cancel: ["a customer may want to cancel.", "Please call them: they cannot be texted."],
  slot_lost_after_confirm: ["a slot was LOST before CONFIRM.", "Please contact them."],
  human_requested: ["a customer asked for a human.", "Please contact them."],
  kept_slot_ended: ["the slot kept for a customer has run out.", "Nothing is booked. Please contact them."],
  twilio_credentials_failed: [
    "Twilio refuses this business's account or token.",
    "Please correct them: until then no text is sent.",
  ],
  appointment_moved_by_hand: ["an appointment was MOVED in the calendar.", "The customer has not been told."],
  appointment_deleted_by_hand: [
    "an appointment was DELETED in the calendar.",
    "It is not cancelled, and the customer has not been told. Please cancel it or put it back.",
  ],
  appointment_declined_by_hand: [
    "an appointment was DECLINED in the calendar.",
    "It is not cancelled, and the customer has not been told. Please contact them.",
  ],
  appointment_conflicts: [
    "an appointment was MOVED in the calendar onto another.",
    "It stays booked at its old time, and the customer has not been told. Please move one of the two.",
  ],
  orphan_event: [
    "the calendar shows an appointment of ours that is NOT booked.",
    "Please delete it in the calendar, or book it.",
  ],
  calendar_needs_reconnecting: [
    "a calendar does not let us in any more.",
    "Until it is connected again nothing can be booked there.",
  ],
  claim_blocked: ["a wrong text to a customer was stopped.", "Please contact them."],
};

/**
 * The owner's text: plain ASCII, who and when and what and why, and where to look.
 * The customer's phone is in plain E.164, so that it can be tapped.
 */
export function ownerAlertText(alert: OwnerAlert, context: AlertContext): string {
  const [opening, request] = openingOf(alert.reason);
  return [
    `Bookproof: ${opening}`,
    wishOf(alert, context),
    plainAscii(alert.note, 300),
    `Reason: ${reasonWords(alert.reason)} (${alert.reason}).`,
    request,
    `Ref ${alert.ref} cid ${alert.cid}`,
    alert.linkPath ? `Open ${context.publicUrl}${alert.linkPath}` : inboxLink(alert.cid, context),
  ]
    .filter(Boolean)
    .join(" ");
}

/** Follows an alert that said "outcome unknown" once the booking is proven. Its words for the ref differ, so that the two are told apart. */
export function ownerResolvedText(alert: OwnerAlert, context: AlertContext): string {
  const wish = wishOf(alert, context);
  return `Bookproof: RESOLVED, the booking is confirmed. ${wish} ${resolvedMark(alert.ref)} cid ${alert.cid} ${inboxLink(alert.cid, context)}`;
}

/** What an alert, and its resolution, is found by at Twilio. */
export const alertMark = (ref: string) => `Ref ${ref} `;
export const resolvedMark = (ref: string) => `Resolved ${ref}`;

/** What a telephone call reads out: the customer's number digit by digit. */
export function ownerCallWords(alert: OwnerAlert, context: AlertContext): string {
  const [opening, request] = openingOf(alert.reason);
  const digits = alert.customerPhone.startsWith("+") ? alert.customerPhone.slice(1).split("").join(" ") : "";
  const number = digits ? `, number ${digits}` : "";
  const slot = alert.start ? `, for ${describeSlot(alert.start, context.timeZone, context.now)}` : "";
  const name = plainAscii(alert.customerName, 60) || "unknown name";
  const who = digits || alert.customerName ? ` The customer is ${name}${number}${slot}.` : "";
  return `This is Bookproof with an urgent message: ${opening}${who} ${request}`;
}

/** The subject of the alert's e-mail. */
export function ownerMailSubject(alert: OwnerAlert): string {
  return `Bookproof: ${openingOf(alert.reason)[0]} ${plainAscii(alert.customerName, 60)} ${alert.customerPhone}`.trim();
}

function openingOf(reason: string): readonly [string, string] {
  if (openings[reason]) return openings[reason];
  if (endsAttempt(reason)) return ["booking FAILED after CONFIRM.", "Please contact them."];
  return ["a customer needs you.", "Please contact them."];
}

function wishOf(alert: OwnerAlert, context: AlertContext): string {
  const who = [plainAscii(alert.customerName, 60), alert.customerPhone].filter(Boolean).join(" ");
  const what = plainAscii(alert.offeringName, 60);
  const when = alert.start ? describeSlot(alert.start, context.timeZone, context.now) : "";
  const address = plainAscii(alert.address, 120);
  const verb = isOfCalendar(alert.reason) ? "has" : "wanted";
  const wish = [what && `${verb} ${what}`, when && `${what ? "" : `${verb} an appointment `}on ${when}`].filter(
    Boolean,
  );
  if (!who && wish.length === 0) return "";
  return `Customer ${[who, ...wish].join(" ")}.${address ? ` Address: ${address}.` : ""}`;
}

function reasonWords(reason: string): string {
  const says = reasonRow(reason)?.says ?? "Something went wrong.";
  return plainAscii(says.charAt(0).toLowerCase() + says.slice(1).replace(/\.$/, ""), 160);
}

function inboxLink(cid: string, { publicUrl }: AlertContext): string {
  return `${publicUrl}/?cid=${encodeURIComponent(cid)}`;
}
