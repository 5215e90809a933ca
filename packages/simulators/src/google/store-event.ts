import { readAttendees } from "./attendees.ts";
import type { Calendar, StoredEvent } from "./calendars.ts";
import { type EventBody, mergeBody } from "./event-body.ts";
import { instantOf, readEventTime } from "./event-time.ts";
import { recurrenceOf } from "./instances.ts";
import type { Grant } from "./oauth/tokens.ts";
import { checkSeries } from "./recurrence.ts";
import { GoogleRefusal } from "./refusal.ts";

/** Who writes, and when. */
export type Writer = { grant: Grant; by: "api" | "hand"; now: number };

/** Fields the server sets itself, whatever a client writes. */
const SERVER_FIELDS = new Set([
  ...["kind", "etag", "id", "status", "htmlLink", "created", "updated", "creator", "organizer"],
  ...["start", "end", "iCalUID", "sequence", "recurringEventId", "originalStartTime"],
  ...["hangoutLink", "locked", "privateCopy"],
]);

type Kept = Pick<StoredEvent, "id" | "createdAt" | "createdBy" | "sequence" | "recurringEventId" | "originalStart">;

/**
 * Keeps an event as the body describes it, confirmed unless that says otherwise.
 * @throws GoogleRefusal 400
 */
export function storeEvent(calendar: Calendar, stored: Kept, body: EventBody, writer: Writer): StoredEvent {
  const start = readEventTime(body.start, "start");
  const end = readEventTime(body.end, "end");
  if (start.kind !== end.kind) {
    throw new GoogleRefusal(400, "invalid", "Start and end times must either both be date or both be dateTime.");
  }
  if (instantOf(end, calendar.timeZone) < instantOf(start, calendar.timeZone)) {
    throw new GoogleRefusal(400, "timeRangeEmpty", "The specified time range is empty.", { domain: "calendar" });
  }
  checkSeries({ lines: body.recurrence ?? [], start });
  const attendees = readAttendees(calendar, body);
  const fields = Object.fromEntries(
    Object.entries(mergeBody({}, { ...body, attendees })).filter(([key]) => !SERVER_FIELDS.has(key)),
  );
  const status = body.status ?? "confirmed";
  const next = { ...stored, status, start, end, fields };
  const before = calendar.events.get(stored.id);
  const sequence =
    before !== undefined && scheduleOf(before) === scheduleOf(next) ? stored.sequence : stored.sequence + 1;
  return keepEvent(calendar, { ...next, sequence }, writer);
}

/** What counts as a new version for those invited: the times and whether it takes place. */
function scheduleOf(event: Pick<StoredEvent, "status" | "start" | "end" | "fields">): string {
  return JSON.stringify([event.status, event.start, event.end, recurrenceOf(event)]);
}

/** Keeps an event as cancelled. */
export function cancelEvent(calendar: Calendar, event: StoredEvent, writer: Writer): StoredEvent {
  return keepEvent(calendar, { ...event, status: "cancelled", sequence: event.sequence + 1 }, writer);
}

type Unversioned = Omit<StoredEvent, "version" | "updatedAt" | "lastChangedBy">;

/** Keeps an event as the calendar's latest change. */
export function keepEvent(calendar: Calendar, event: Unversioned, writer: Writer): StoredEvent {
  calendar.version += 1;
  const kept = { ...event, version: calendar.version, updatedAt: writer.now, lastChangedBy: writer.by };
  calendar.events.set(kept.id, kept);
  return kept;
}
