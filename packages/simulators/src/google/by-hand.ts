import { z } from "zod";
import type { Calendars } from "./calendars.ts";
import type { WriteEntry } from "./ledger.ts";
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
  const calendar = calendars.all().find(({ id }) => id === change.calendarId);
  if (calendar === undefined) throw new GoogleRefusal(404, "notFound", "Not Found");
  const writer: Writer = { grant: { kind: "user", id: "someone@by-hand" }, by: "hand", now };
  const carryOut = {
    add: () => insertEvent(calendar, withoutAddress(change), writer),
    move: () => patchEvent(calendar, target(change), withoutAddress(change), writer),
    delete: () => deleteEvent(calendar, target(change), writer),
  };
  const event = carryOut[change.action]();
  return {
    action: change.action === "add" ? "insert" : change.action === "move" ? "patch" : "delete",
    by: "hand",
    calendarId: calendar.id,
    eventId: event.id,
    status: event.status,
    sendUpdates: null,
    acceptedAt: now,
  };
}

type ReadChange = z.output<typeof handChangeSchema>;

function target(change: ReadChange): { id: string; ifMatch: undefined } {
  return { id: change.action === "add" ? "" : change.eventId, ifMatch: undefined };
}

function withoutAddress(change: ReadChange): object {
  if (change.action === "delete") return {};
  const { start, end } = change;
  return change.action === "add" ? { summary: change.summary, start, end } : { start, end };
}
