import type { AppointmentSummary } from "@bookproof/proto/booking";
import { confirmationCallWords, confirmationText, reminderText } from "../domain/confirmation-texts.ts";
import { bookedText } from "../domain/customer-texts.ts";
import type { DoorMessage } from "./choice.ts";

/** What a message says of an appointment whose proof was read just now; the only place that chooses such words. */
export function provenWords({ message, connection, from }: DoorMessage, appointment: AppointmentSummary): string {
  const { start = new Date(Number.NaN), offeringName, calendarName, address } = appointment;
  const booked = { start, offeringName, calendarName, address };
  const business = { name: connection.name, phone: from, timeZone: connection.timeZone };
  const now = new Date();
  if (message.kind === "reminder") return reminderText(booked, business, now);
  if (message.kind !== "confirmation") return bookedText(booked, business, now);
  if (message.channel === "voice") return confirmationCallWords(booked, business, now);
  return confirmationText(booked, business, { plain: connection.plainTexts }, now);
}
