import { z } from "zod";
import type { Calendar, StoredEvent } from "./calendars.ts";
import { eventResource, extendedProperties } from "./event-resource.ts";
import { instantOf, readBound } from "./event-time.ts";
import { GoogleRefusal } from "./refusal.ts";
import { readPageToken, readSyncToken, writePageToken, writeSyncToken } from "./sync-token.ts";

const flag = z.enum(["true", "false"]).transform((text) => text === "true");
const repeated = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());

const listQuerySchema = z.object({
  timeMin: z.string().optional(),
  timeMax: z.string().optional(),
  updatedMin: z.string().optional(),
  q: z.string().optional(),
  iCalUID: z.string().optional(),
  privateExtendedProperty: repeated.optional(),
  sharedExtendedProperty: repeated.optional(),
  singleEvents: flag.default(false),
  showDeleted: flag.optional(),
  orderBy: z.enum(["startTime", "updated"]).optional(),
  maxResults: z.coerce.number().int().min(1).max(2500).default(250),
  pageToken: z.string().optional(),
  syncToken: z.string().optional(),
  timeZone: z.string().optional(),
});
type ListQuery = z.output<typeof listQuerySchema>;

/** Not to be combined with a sync token. Source: Params$Resource$Events$List.syncToken of `@googleapis/calendar`. */
const NOT_WITH_SYNC = [
  "iCalUID",
  "orderBy",
  "privateExtendedProperty",
  "q",
  "sharedExtendedProperty",
  "timeMin",
  "timeMax",
  "updatedMin",
] as const;

/**
 * events.list. A complete list ends with a sync token unless it was searched or ordered.
 * @throws GoogleRefusal 400 for a wrong parameter or combination, 410 for a stale sync token
 */
export function listEvents(calendar: Calendar, rawQuery: unknown): object {
  const query = readQuery(rawQuery);
  const since = query.syncToken === undefined ? undefined : readSyncToken(calendar, query.syncToken);
  const position = query.pageToken === undefined ? undefined : readPageToken(query.pageToken);
  const version = position?.version ?? calendar.version;
  const offset = position?.offset ?? 0;

  const found = [...calendar.events.values()]
    .filter((event) => (since === undefined ? isListed(calendar, event, query) : event.version > since))
    .sort(order(calendar, query));
  const end = offset + query.maxResults;
  return {
    kind: "calendar#events",
    etag: `"p${version}"`,
    summary: calendar.id,
    timeZone: query.timeZone ?? calendar.timeZone,
    accessRole: calendar.accessRole,
    defaultReminders: [],
    items: found.slice(offset, end).map((event) => eventResource(calendar, event, query.timeZone)),
    ...(end < found.length ? { nextPageToken: writePageToken({ offset: end, version }) } : {}),
    ...(end >= found.length && mayBeSynced(query) ? { nextSyncToken: writeSyncToken(calendar, version) } : {}),
  };
}

function readQuery(rawQuery: unknown): ListQuery {
  const parsed = listQuerySchema.safeParse(rawQuery);
  if (!parsed.success) {
    const location = String(parsed.error.issues[0]?.path[0]);
    throw new GoogleRefusal(400, "invalidParameter", `Invalid value for: ${location}`, {
      locationType: "parameter",
      location,
    });
  }
  const query = parsed.data;
  if (query.syncToken !== undefined && NOT_WITH_SYNC.some((name) => query[name] !== undefined)) {
    throw new GoogleRefusal(400, "badRequest", "Sync token cannot be used with search restrictions.");
  }
  if (query.syncToken !== undefined && query.showDeleted === false) {
    throw new GoogleRefusal(400, "badRequest", "Sync token cannot be used with showDeleted set to false.");
  }
  if (query.orderBy === "startTime" && !query.singleEvents) {
    throw new GoogleRefusal(400, "badRequest", "The requested ordering is not available for the particular query.");
  }
  return query;
}

function isListed(calendar: Calendar, event: StoredEvent, query: ListQuery): boolean {
  const { timeMin, timeMax, updatedMin, q } = query;
  const updated = updatedMin !== undefined && event.updatedAt >= readBound(updatedMin, "updatedMin");
  if (updatedMin !== undefined && !updated) return false;
  if (event.status === "cancelled" && query.showDeleted !== true && !updated) return false;
  if (timeMin !== undefined && instantOf(event.end, calendar.timeZone) <= readBound(timeMin, "timeMin")) return false;
  if (timeMax !== undefined && instantOf(event.start, calendar.timeZone) >= readBound(timeMax, "timeMax")) return false;
  if (query.iCalUID !== undefined && query.iCalUID !== `${event.id}@google.com`) return false;
  if (q !== undefined && !searchText(event).includes(q.toLowerCase())) return false;
  return (
    hasProperties(event, "private", query.privateExtendedProperty ?? []) &&
    hasProperties(event, "shared", query.sharedExtendedProperty ?? [])
  );
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

function order(calendar: Calendar, query: ListQuery): (a: StoredEvent, b: StoredEvent) => number {
  if (query.orderBy === "startTime") {
    return (a, b) => instantOf(a.start, calendar.timeZone) - instantOf(b.start, calendar.timeZone);
  }
  if (query.orderBy === "updated") return (a, b) => a.updatedAt - b.updatedAt;
  return (a, b) => a.createdAt - b.createdAt;
}

function mayBeSynced(query: ListQuery): boolean {
  return NOT_WITH_SYNC.every((name) => name === "timeMin" || name === "timeMax" || query[name] === undefined);
}
