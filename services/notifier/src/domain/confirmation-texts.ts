import { parsePhoneNumberFromString } from "libphonenumber-js";
import type { BookedAppointment } from "./customer-texts.ts";
import { describeSlot } from "./describe-slot.ts";
import { plainPunctuation } from "./plain-text.ts";

/** The business as its customers are told of it. */
export interface Business {
  name: string;
  /** E.164. */
  phone: string;
  /** IANA name. */
  timeZone: string;
}

/**
 * The confirmation of a booked call: the product's wording, letter by letter.
 * @param style.plain leaves the emoji out, so that the text stays within GSM-7.
 */
export function confirmationText(
  appointment: BookedAppointment,
  business: Business,
  style: { plain: boolean },
  now: Date,
): string {
  const sign = (emoji: string) => (style.plain ? "" : `${emoji} `);
  return [
    "Your appointment confirmed!",
    "",
    `${sign("\u{1F4C5}")}${describeSlot(appointment.start, business.timeZone, now)}${withWhom(appointment)}`,
    `${sign("\u{1F4BC}")}${plainPunctuation(business.name, 40)}`,
    `${sign("\u{1F4DE}")}${nationalPhone(business.phone)}`,
    "",
    "Call to reschedule. Reply STOP to unsubscribe.",
  ].join("\n");
}

/** What a call reads out where the confirmation's text did not arrive. */
export function confirmationCallWords(appointment: BookedAppointment, business: Business, now: Date): string {
  const what = plainPunctuation(appointment.offeringName, 40) || "visit";
  const when = describeSlot(appointment.start, business.timeZone, now);
  const digits = business.phone.replace(/\D/g, "").split("").join(" ");
  return `This is ${plainPunctuation(business.name, 40)}. Your appointment, ${what}, is confirmed for ${when}${withWhom(appointment)}. To change it, call ${digits}.`;
}

/** The reminder of the day before. Never "reply CANCEL" nor "reply YES": those words change an opt-out. */
export function reminderText(appointment: BookedAppointment, business: Business, now: Date): string {
  const what = plainPunctuation(appointment.offeringName, 40) || "Your visit";
  const when = describeSlot(appointment.start, business.timeZone, now);
  const name = plainPunctuation(business.name, 40);
  return `Reminder: ${what} on ${when}${withWhom(appointment)} at ${name}. To change it, reply MOVE or call ${nationalPhone(business.phone)}. Reply STOP to unsubscribe.`;
}

const withWhom = ({ calendarName }: BookedAppointment) =>
  calendarName ? ` with ${plainPunctuation(calendarName, 40)}` : "";

/** "(555) 123-4567" for "+15551234567"; the number itself where it is none of a known country. */
function nationalPhone(e164: string): string {
  return parsePhoneNumberFromString(e164)?.formatNational() ?? e164;
}
