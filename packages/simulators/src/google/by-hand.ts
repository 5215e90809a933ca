import { z } from "zod";
import type { Calendar, Calendars, StoredEvent } from "./calendars.ts";
import { type WriteEntry, writeEntry } from "./ledger.ts";
import { GoogleRefusal } from "./refusal.ts";
import { deleteEvent, insertEvent, patchEvent, type Writer } from "./write-event.ts";

const eventTime = z.object({ dateTime: z.string(), timeZone: z.string().optional() });

/** What a person does in the calendar's own window. Times are RFC 3339 with offset, or with a zone. */
export const handChangeSchema = z.discriminatedUnion("action", [
  z.object({
    action: z.literal("move"),
    calendarId: z.string(),
    eventId: z.string(),
    start: eventTime,
    end: eventTime,
  }),
  z.object({ action: z.literal("delete"), calendarId: z.string(), eventId: z.string() }),
  /** The calendar's owner declines it. */
  z.object({ action: z.literal("decline"), calendarId: z.string(), eventId: z.string() }),
  z.object({
    action: z.literal("add"),
    calendarId: z.string(),
    summary: z.string().default("Busy"),
    start: eventTime,
    end: eventTime,
  }),
]);
export type HandChange = z.input<typeof handChangeSchema>;

/**
 * Carries out a change by hand and returns its ledger line.
 * @throws GoogleRefusal 404 when the calendar or event is unknown, 410 when it is deleted already
 */
export function changeByHand(calendars: Calendars, input: HandChange, now: number): WriteEntry {
  const change = handChangeSchema.parse(input);
  const calendar = calendars.get(change.calendarId);
  if (calendar === undefined) throw new GoogleRefusal(404, "notFound", "Not Found");
  const [action, event] = carryOut(change, calendar, {
    grant: { kind: "user", id: "someone@by-hand", scopes: [] },
    by: "hand",
    now,
  });
  return writeEntry(calendar, event, { action, by: "hand", sendUpdates: null, acceptedAt: now });
}

function carryOut(
  change: z.output<typeof handChangeSchema>,
  calendar: Calendar,
  writer: Writer,
): [WriteEntry["action"], StoredEvent] {
  if (change.action === "add") {
    const { summary, start, end } = change;
    return ["insert", insertEvent(calendar, { summary, start, end }, writer)];
  }
  const target = { id: change.eventId, ifMatch: undefined };
  if (change.action === "delete") return ["delete", deleteEvent(calendar, target, writer)];
  if (change.action === "decline") {
    const attendees = [{ email: calendar.id, self: true, responseStatus: "declined" }];
    return ["patch", patchEvent(calendar, target, { attendees }, writer)];
  }
  const { start, end } = change;
  return ["patch", patchEvent(calendar, target, { start, end }, writer)];
}
