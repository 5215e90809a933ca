import { randomBytes } from "node:crypto";
import type { Calendar, StoredEvent } from "./calendars.ts";
import { type EventBody, mergeBody, readEventBody } from "./event-body.ts";
import { etagOf } from "./event-resource.ts";
import { instantOf, readEventTime } from "./event-time.ts";
import type { Grant } from "./oauth/tokens.ts";
import { GoogleRefusal } from "./refusal.ts";

/** Who writes, and when. */
export type Writer = { grant: Grant; by: "api" | "hand"; now: number };

/** `a-v0-9`, 5 to 1024 characters: base32hex. Source: Schema$Event.id of `@googleapis/calendar`. */
const EVENT_ID = /^[a-v0-9]{5,1024}$/;

/** Fields the server sets itself, whatever a client writes. */
const SERVER_FIELDS = new Set([
  ...["kind", "etag", "id", "status", "htmlLink", "created", "updated", "creator", "organizer"],
  ...["start", "end", "iCalUID", "sequence"],
]);

/**
 * events.insert.
 * @throws GoogleRefusal 400 invalid id or times; 409 duplicate, also where the event of this id is cancelled
 */
export function insertEvent(calendar: Calendar, body: unknown, writer: Writer): StoredEvent {
  const event = readEventBody(body);
  const id = event.id ?? randomBytes(13).toString("hex");
  if (!EVENT_ID.test(id)) throw new GoogleRefusal(400, "invalid", "Invalid resource id value.");
  if (calendar.events.has(id)) throw new GoogleRefusal(409, "duplicate", "The requested identifier already exists.");
  const created = { id, createdAt: writer.now, createdBy: writer.grant.id, sequence: -1 };
  return store(calendar, created, event, writer);
}

/**
 * events.update: replaces the event; without a status of its own it is confirmed, so a cancelled one is revived.
 * @throws GoogleRefusal 404, 412, 400
 */
export function updateEvent(
  calendar: Calendar,
  target: { id: string; ifMatch: string | undefined },
  body: unknown,
  writer: Writer,
): StoredEvent {
  const stored = findEvent(calendar, target.id);
  checkIfMatch(stored, target.ifMatch);
  return store(calendar, stored, readEventBody(body), writer);
}

/**
 * events.patch: merges into the event; the status stays unless it is given.
 * @throws GoogleRefusal 404, 412, 400
 */
export function patchEvent(
  calendar: Calendar,
  target: { id: string; ifMatch: string | undefined },
  body: unknown,
  writer: Writer,
): StoredEvent {
  const stored = findEvent(calendar, target.id);
  checkIfMatch(stored, target.ifMatch);
  const before = {
    ...stored.fields,
    status: stored.status,
    start: asInput(stored.start),
    end: asInput(stored.end),
  };
  return store(calendar, stored, readEventBody(mergeBody(before, readEventBody(body))), writer);
}

/**
 * events.delete: the event stays, cancelled.
 * @throws GoogleRefusal 404, 410 already deleted, 412
 */
export function deleteEvent(
  calendar: Calendar,
  target: { id: string; ifMatch: string | undefined },
  writer: Writer,
): StoredEvent {
  const stored = findEvent(calendar, target.id);
  if (stored.status === "cancelled") throw new GoogleRefusal(410, "deleted", "Resource has been deleted");
  checkIfMatch(stored, target.ifMatch);
  return keep(calendar, { ...stored, status: "cancelled" }, writer);
}

/** @throws GoogleRefusal 404 */
export function findEvent(calendar: Calendar, id: string): StoredEvent {
  const event = calendar.events.get(id);
  if (event === undefined) throw new GoogleRefusal(404, "notFound", "Not Found");
  return event;
}

type Kept = Pick<StoredEvent, "id" | "createdAt" | "createdBy" | "sequence">;

function store(calendar: Calendar, stored: Kept, body: EventBody, writer: Writer): StoredEvent {
  const start = readEventTime(body.start, "start");
  const end = readEventTime(body.end, "end");
  if (start.kind !== end.kind) throw new GoogleRefusal(400, "invalid", "Invalid start time.");
  if (instantOf(end, calendar.timeZone) < instantOf(start, calendar.timeZone)) {
    throw new GoogleRefusal(400, "timeRangeEmpty", "The specified time range is empty.", { domain: "calendar" });
  }
  if (writer.grant.kind === "service-account" && (body.attendees?.length ?? 0) > 0) {
    throw new GoogleRefusal(
      403,
      "forbiddenForServiceAccounts",
      "Service accounts cannot invite attendees without Domain-Wide Delegation of Authority.",
      { domain: "calendar" },
    );
  }
  const fields = Object.fromEntries(
    Object.entries(body).filter(([key, value]) => !SERVER_FIELDS.has(key) && value != null),
  );
  return keep(calendar, { ...stored, status: body.status ?? "confirmed", start, end, fields }, writer);
}

type Unversioned = Omit<StoredEvent, "version" | "updatedAt" | "lastChangedBy">;

function keep(calendar: Calendar, event: Unversioned, writer: Writer): StoredEvent {
  calendar.version += 1;
  const kept: StoredEvent = {
    ...event,
    sequence: event.sequence + 1,
    version: calendar.version,
    updatedAt: writer.now,
    lastChangedBy: writer.by,
  };
  calendar.events.set(kept.id, kept);
  return kept;
}

function checkIfMatch(event: StoredEvent, ifMatch: string | undefined): void {
  if (ifMatch === undefined || ifMatch === "*" || ifMatch === etagOf(event)) return;
  throw new GoogleRefusal(412, "conditionNotMet", "Precondition Failed", {
    locationType: "header",
    location: "If-Match",
  });
}

function asInput(time: StoredEvent["start"]): Record<string, unknown> {
  if (time.kind === "date") return { date: time.date };
  return { dateTime: new Date(time.at).toISOString(), timeZone: time.timeZone };
}
