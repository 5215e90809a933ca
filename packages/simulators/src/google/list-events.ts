import type { Calendar, StoredEvent } from "./calendars.ts";
import { cancelledResource, eventResource, extendedProperties } from "./event-resource.ts";
import { instantOf } from "./event-time.ts";
import { expandEvents } from "./instances.ts";
import { type ListQuery, mayBeSynced, readListQuery } from "./list-query.ts";
import {
  comparePositions,
  type ListPosition,
  readPageToken,
  readSyncToken,
  writePageToken,
  writeSyncToken,
} from "./sync-token.ts";

/**
 * events.list. A complete list ends with a sync token unless it was searched or ordered.
 * @throws GoogleRefusal 400 for a wrong combination of parameters, 410 for a stale sync token
 */
export function listEvents(calendar: Calendar, rawQuery: object, now: number): object {
  const query = readListQuery(rawQuery, now);
  const since = query.syncToken === undefined ? undefined : readSyncToken(calendar, query.syncToken);
  const page = query.pageToken === undefined ? undefined : readPageToken(query.pageToken);
  const version = page?.version ?? calendar.version;

  const found = eventsFor(calendar, query)
    .filter((event) => (since === undefined ? isListed(calendar, event, query) : event.version > since))
    .map((event) => ({ event, position: positionOf(calendar, event, query) }))
    .sort((a, b) => comparePositions(a.position, b.position))
    .filter(({ position }) => page === undefined || comparePositions(position, page.after) > 0);
  const shown = found.slice(0, query.maxResults);
  const last = shown.at(-1);
  const hasMore = found.length > shown.length && last !== undefined;
  return {
    kind: "calendar#events",
    etag: `"p${version}"`,
    summary: calendar.summary ?? calendar.id,
    updated: new Date(Math.max(0, ...found.map(({ event }) => event.updatedAt))).toISOString(),
    timeZone: query.timeZone ?? calendar.timeZone,
    accessRole: calendar.accessRole,
    defaultReminders: [],
    items: shown.map(({ event }) => itemOf(calendar, event, query)),
    ...(hasMore ? { nextPageToken: writePageToken({ after: last.position, version }) } : {}),
    ...(!hasMore && mayBeSynced(query) ? { nextSyncToken: writeSyncToken(calendar, version) } : {}),
  };
}

function eventsFor(calendar: Calendar, { singleEvents, timeMin, timeMax }: ListQuery): StoredEvent[] {
  if (!singleEvents) return [...calendar.events.values()];
  return expandEvents(calendar, {
    ...(timeMin === undefined ? {} : { start: timeMin }),
    ...(timeMax === undefined ? {} : { end: timeMax }),
  });
}

/** An incremental list tells no more of deleted events than that they are gone, unless it asks for them. */
function itemOf(
  calendar: Calendar,
  event: StoredEvent,
  { syncToken, showDeleted, timeZone, maxAttendees }: ListQuery,
): object {
  if (syncToken !== undefined && event.status === "cancelled" && showDeleted !== true) {
    return cancelledResource(event, timeZone ?? calendar.timeZone);
  }
  return eventResource(calendar, event, { zone: timeZone, maxAttendees });
}

function isListed(calendar: Calendar, event: StoredEvent, query: ListQuery): boolean {
  const { timeMin, timeMax, updatedMin, q, eventTypes } = query;
  if (updatedMin !== undefined && event.updatedAt < updatedMin) return false;
  if (event.status === "cancelled" && updatedMin === undefined && !showsCancelled(event, query)) return false;
  if (timeMin !== undefined && instantOf(event.end, calendar.timeZone) <= timeMin) return false;
  if (timeMax !== undefined && instantOf(event.start, calendar.timeZone) >= timeMax) return false;
  if (query.iCalUID !== undefined && query.iCalUID !== `${event.recurringEventId ?? event.id}@google.com`) return false;
  if (eventTypes !== undefined && !eventTypes.includes(String(event.fields.eventType ?? "default"))) return false;
  if (q !== undefined && !searchText(event).includes(q.toLowerCase())) return false;
  return (
    hasProperties(event, "private", query.privateExtendedProperty ?? []) &&
    hasProperties(event, "shared", query.sharedExtendedProperty ?? [])
  );
}

/** A list of series shows which of their instances were cancelled. Source: the description of `showDeleted`. */
function showsCancelled(event: StoredEvent, { showDeleted, singleEvents }: ListQuery): boolean {
  return showDeleted ?? (event.recurringEventId !== undefined && !singleEvents);
}

function hasProperties(event: StoredEvent, kind: "private" | "shared", constraints: string[]): boolean {
  const properties = extendedProperties(event, kind);
  return constraints.every((constraint) => {
    const equals = constraint.indexOf("=");
    return properties[constraint.slice(0, equals)] === constraint.slice(equals + 1);
  });
}

function searchText(event: StoredEvent): string {
  const { summary, description, location } = event.fields;
  return [summary, description, location]
    .filter((text) => typeof text === "string")
    .join("\n")
    .toLowerCase();
}

/** A key that an event keeps while others come and go, so that a page begins where the one before ended. */
function positionOf(calendar: Calendar, event: StoredEvent, { orderBy }: ListQuery): ListPosition {
  if (orderBy === "startTime") return [instantOf(event.start, calendar.timeZone), event.id];
  return [orderBy === "updated" ? event.updatedAt : event.createdAt, event.id];
}
