import type { CalendarDifference } from "@bookproof/launcher/client";

const words = {
  missing: "MISSING: no event for",
  moved: "MOVED: the event is elsewhere for",
  declined: "DECLINED: the event was declined for",
  orphan: "ORPHAN: an event of ours without a confirmed appointment",
} as const;

/** A difference in a line, times in RFC 3339, the customer in plain. */
export function describeDifference({ kind, eventId, appointment, eventStart, repaired }: CalendarDifference): string {
  const who = appointment
    ? ` ${[appointment.offering, appointment.start, appointment.customerName, appointment.customerPhone].filter(Boolean).join(" ")}`
    : "";
  const where = eventStart ? `, event at ${eventStart}` : "";
  return `${words[kind]}${kind === "orphan" && who ? `; it names${who}` : who}${where} [${eventId}]${repaired ? " (dealt with)" : ""}`;
}
