import { describeSlot } from "./describe-slot.ts";
import { plainPunctuation } from "./plain-text.ts";

/** Said while a booking's proof is not there yet; the product's wording, letter by letter. */
export const FINALIZING_TEXT = "I’m still finalizing this on my end—someone will confirm shortly.";

/** Said when a booking could not be completed; the product's wording, letter by letter. */
export const SNAG_TEXT = "I hit a snag confirming this. A human will text you shortly.";

/** A proven appointment, as its customer is told of it. */
export interface BookedAppointment {
  start: Date;
  offeringName: string;
  /** With whom or where; may be empty. */
  calendarName: string;
  address: string;
}

/**
 * The only text that claims a booking. Two GSM-7 segments (306 characters) for ordinary names and addresses.
 * @param business.phone E.164: where a change is asked for. Never "reply CANCEL": that word opts a customer out.
 */
export function bookedText(appointment: BookedAppointment, business: Business, now: Date): string {
  return appointmentText("Your appointment is all set", appointment, business, { now, next: "To change it" });
}

/** The only text that claims a move. As long as `bookedText`. */
export function movedText(appointment: BookedAppointment, business: Business, now: Date): string {
  return appointmentText("Your appointment is moved", appointment, business, { now, next: "To change it" });
}

/** The only text that claims a cancellation. */
export function cancelledText(appointment: BookedAppointment, business: Business, now: Date): string {
  const { address: _nowhere, ...rest } = appointment;
  const gone = { ...rest, address: "" };
  return appointmentText("Your appointment is cancelled", gone, business, { now, next: "To book again" });
}

interface Business {
  name: string;
  /** E.164. */
  phone: string;
  /** IANA name. */
  timeZone: string;
}

function appointmentText(
  claim: string,
  appointment: BookedAppointment,
  business: Business,
  { now, next }: { now: Date; next: string },
): string {
  const what = plainPunctuation(appointment.offeringName, 40) || "your visit";
  const who = plainPunctuation(appointment.calendarName, 40);
  const address = plainPunctuation(appointment.address, 80);
  const name = plainPunctuation(business.name, 40);
  return [
    `${claim}: ${what} on ${describeSlot(appointment.start, business.timeZone, now)}`,
    who && ` with ${who}`,
    ".",
    address && ` Address: ${address}.`,
    name && ` ${name}.`,
    ` ${next}, call or text ${business.phone}. Reply STOP to unsubscribe.`,
  ]
    .filter(Boolean)
    .join("");
}
