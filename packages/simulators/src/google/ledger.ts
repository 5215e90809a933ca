import type { Calendar, Calendars, StoredEvent } from "./calendars.ts";
import { extendedProperties } from "./event-resource.ts";
import { instantOf } from "./event-time.ts";

/** What Google stores of an event. Times are milliseconds since the epoch. */
export type EventEntry = {
  calendarId: string;
  id: string;
  status: StoredEvent["status"];
  startAt: number;
  endAt: number;
  summary: string | null;
  privateProperties: Record<string, string>;
  acceptedAt: number;
  updatedAt: number;
  /** "hand" after a change through `/_sim/by-hand`. */
  lastChangedBy: "api" | "hand";
};

/** One write that was carried out, whatever its client came to know of it. */
export type WriteEntry = {
  action: "insert" | "update" | "patch" | "delete";
  by: "api" | "hand";
  calendarId: string;
  eventId: string;
  status: StoredEvent["status"];
  /** As the event is after the write. */
  startAt: number;
  endAt: number;
  privateProperties: Record<string, string>;
  sendUpdates: string | null;
  acceptedAt: number;
};

/** Google's own record, outside the system under test. Lists are copies, oldest first. */
export type GoogleLedger = {
  /** All events, cancelled ones included. */
  events(calendarId?: string): EventEntry[];
  event(calendarId: string, id: string): EventEntry | undefined;
  writes(): WriteEntry[];
};

/** A view of the calendars, with the list of writes it is given. */
export function createGoogleLedger(calendars: Calendars, writes: readonly WriteEntry[]): GoogleLedger {
  const events = (calendarId?: string): EventEntry[] =>
    calendars
      .all()
      .filter((calendar) => calendarId === undefined || calendar.id === calendarId)
      .flatMap((calendar) => [...calendar.events.values()].map((event) => entryOf(calendar, event)));
  return {
    events,
    event: (calendarId, id) => events(calendarId).find((entry) => entry.id === id),
    writes: () => [...writes],
  };
}

/** The ledger's line of a write that left `event` behind. */
export function writeEntry(
  calendar: Calendar,
  event: StoredEvent,
  write: Pick<WriteEntry, "action" | "by" | "sendUpdates" | "acceptedAt">,
): WriteEntry {
  const { status, startAt, endAt, privateProperties } = entryOf(calendar, event);
  return { calendarId: calendar.id, eventId: event.id, status, startAt, endAt, privateProperties, ...write };
}

function entryOf(calendar: Calendar, event: StoredEvent): EventEntry {
  const { summary } = event.fields;
  return {
    calendarId: calendar.id,
    id: event.id,
    status: event.status,
    startAt: instantOf(event.start, calendar.timeZone),
    endAt: instantOf(event.end, calendar.timeZone),
    summary: typeof summary === "string" ? summary : null,
    privateProperties: extendedProperties(event, "private"),
    acceptedAt: event.createdAt,
    updatedAt: event.updatedAt,
    lastChangedBy: event.lastChangedBy,
  };
}
