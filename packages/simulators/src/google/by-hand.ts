import { DateTime } from "luxon";
import { z } from "zod";
import { attendeesOf } from "./attendees.ts";
import type { Calendar, Calendars, StoredEvent } from "./calendars.ts";
import { type WriteEntry, writeEntry } from "./ledger.ts";
import { GoogleRefusal } from "./refusal.ts";
import type { Writer } from "./store-event.ts";
import { deleteEvent, findEvent, insertEvent, patchEvent } from "./write-event.ts";

const timed = z.strictObject({ dateTime: z.string(), timeZone: z.string().optional() });
const allDay = z.strictObject({ date: z.iso.date() });
const eventTime = z.union([timed, allDay]);
const ofEvent = { calendarId: z.string(), eventId: z.string() };

/**
 * What a person does in the calendar's own window. Times are RFC 3339 with offset or with a zone, or all-day dates, the
 * last exclusive; an event may be an instance of a recurring one.
 */
export const handChangeSchema = z.discriminatedUnion("action", [
  z.object({ action: z.literal("move"), ...ofEvent, start: eventTime, end: eventTime }),
  z.object({ action: z.literal("delete"), ...ofEvent }),
  /** Takes a deleted event out of the bin. */
  z.object({ action: z.literal("restore"), ...ofEvent }),
  /** Turns an invitation down, for the calendar itself unless another address is named. */
  z.object({ action: z.literal("decline"), ...ofEvent, email: z.string().optional() }),
  /** Changes other fields of an event, as `summary`, `transparency` or `extendedProperties`; `null` clears one. */
  z.object({ action: z.literal("edit"), ...ofEvent, fields: z.record(z.string(), z.unknown()) }),
  z.object({
    action: z.literal("add"),
    calendarId: z.string(),
    summary: z.string().default("Busy"),
    start: eventTime,
    end: eventTime,
    transparency: z.enum(["opaque", "transparent"]).default("opaque"),
    /** RFC 5545, as `RRULE:FREQ=WEEKLY`; timed events need a `timeZone` for it. */
    recurrence: z.array(z.string()).default([]),
  }),
  /** Blocks whole days with one all-day event that takes up the time. */
  z.object({
    action: z.literal("block-day"),
    calendarId: z.string(),
    date: z.iso.date(),
    days: z.int().positive().default(1),
    summary: z.string().default("Away"),
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

type Done = [WriteEntry["action"], StoredEvent];

function carryOut(change: z.output<typeof handChangeSchema>, calendar: Calendar, writer: Writer): Done {
  if (change.action === "add") {
    const { action: _action, calendarId: _calendar, ...event } = change;
    return ["insert", insertEvent(calendar, event, writer)];
  }
  if (change.action === "block-day") {
    const { date, days, summary } = change;
    const after = DateTime.fromISO(date).plus({ days }).toFormat("yyyy-MM-dd");
    return ["insert", insertEvent(calendar, { summary, start: { date }, end: { date: after } }, writer)];
  }
  const target = { id: change.eventId, ifMatch: undefined };
  if (change.action === "delete") return ["delete", deleteEvent(calendar, target, writer)];
  return ["patch", patchEvent(calendar, target, patchOf(change, calendar), writer)];
}

type Patch = Extract<z.output<typeof handChangeSchema>, { action: "move" | "restore" | "decline" | "edit" }>;

function patchOf(change: Patch, calendar: Calendar): object {
  if (change.action === "edit") return change.fields;
  if (change.action === "restore") return { status: "confirmed" };
  if (change.action === "move") {
    const nothing = { date: null, dateTime: null, timeZone: null };
    return { start: { ...nothing, ...change.start }, end: { ...nothing, ...change.end } };
  }
  const email = change.email ?? calendar.id;
  const others = attendeesOf(findEvent(calendar, change.eventId)).filter((attendee) => attendee.email !== email);
  return { attendees: [...others, { email, responseStatus: "declined" }] };
}
