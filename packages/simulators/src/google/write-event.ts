import { randomBytes } from "node:crypto";
import { checkMayInvite } from "./attendees.ts";
import type { Calendar, StoredEvent } from "./calendars.ts";
import { mergeBody, readEventBody } from "./event-body.ts";
import { etagOf } from "./event-resource.ts";
import { findInstance } from "./instances.ts";
import { GoogleRefusal } from "./refusal.ts";
import { cancelEvent, keepEvent, storeEvent, type Writer } from "./store-event.ts";

/** `a-v0-9`, 5 to 1024 characters: base32hex. Source: Schema$Event.id of `@googleapis/calendar`. */
const EVENT_ID = /^[a-v0-9]{5,1024}$/;

/**
 * events.insert.
 * @throws GoogleRefusal 400 invalid id or times; 409 duplicate, also where the event of this id is cancelled
 */
export function insertEvent(calendar: Calendar, body: unknown, writer: Writer): StoredEvent {
  const event = readEventBody(body);
  checkMayInvite(event, writer.grant);
  const id = event.id ?? randomBytes(13).toString("hex");
  if (!EVENT_ID.test(id)) throw new GoogleRefusal(400, "invalid", "Invalid resource id value.");
  if (calendar.events.has(id)) throw new GoogleRefusal(409, "duplicate", "The requested identifier already exists.");
  const createdBy = writer.grant.account ?? writer.grant.id;
  return storeEvent(calendar, { id, createdAt: writer.now, createdBy, sequence: -1 }, event, writer);
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
  const event = readEventBody(body);
  checkMayInvite(event, writer.grant);
  return storeEvent(calendar, stored, event, writer);
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
  const change = readEventBody(body);
  checkMayInvite(change, writer.grant);
  const before = {
    ...stored.fields,
    status: stored.status,
    start: asInput(stored.start),
    end: asInput(stored.end),
  };
  return storeEvent(calendar, stored, readEventBody(mergeBody(before, change)), writer);
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
  for (const changed of [...calendar.events.values()].filter((event) => event.recurringEventId === stored.id)) {
    if (changed.status !== "cancelled") cancelEvent(calendar, changed, writer);
  }
  return cancelEvent(calendar, stored, writer);
}

/**
 * events.move: the event goes to another calendar under its id, and is cancelled in the first.
 * @throws GoogleRefusal 404, 400 for an instance or a cancelled event
 */
export function moveEvent(
  from: Calendar,
  to: Calendar,
  id: string,
  writer: Writer,
): { left: StoredEvent; arrived: StoredEvent } {
  const event = findEvent(from, id);
  if (event.recurringEventId !== undefined || event.status === "cancelled") {
    throw new GoogleRefusal(400, "cannotChangeOrganizerOfInstance", "Cannot change the organizer of an instance.", {
      domain: "calendar",
    });
  }
  const left = cancelEvent(from, event, writer);
  return { left, arrived: keepEvent(to, { ...event, sequence: event.sequence + 1 }, writer) };
}

/**
 * An event, or an instance of a recurring one.
 * @throws GoogleRefusal 404
 */
export function findEvent(calendar: Calendar, id: string): StoredEvent {
  const event = calendar.events.get(id) ?? findInstance(calendar, id);
  if (event === undefined) throw new GoogleRefusal(404, "notFound", "Not Found");
  return event;
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
