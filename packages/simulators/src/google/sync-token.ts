import { z } from "zod";
import type { Calendar } from "./calendars.ts";
import { GoogleRefusal } from "./refusal.ts";

const syncSchema = z.object({ calendar: z.string(), generation: z.int(), version: z.int() });
const pageSchema = z.object({ after: z.tuple([z.number(), z.string()]), version: z.int() });

/** A token that later lists what changed in the calendar after `version`. */
export function writeSyncToken(calendar: Calendar, version: number): string {
  return encode({ calendar: calendar.id, generation: calendar.generation, version });
}

/**
 * The version a sync token stands for.
 * @throws GoogleRefusal 410 fullSyncRequired where it is stale or another calendar's, 400 invalid where it is none at all
 */
export function readSyncToken(calendar: Calendar, token: string): number {
  const sync = syncSchema.safeParse(decode(token)).data;
  if (sync === undefined) {
    throw new GoogleRefusal(400, "invalid", "Invalid sync token value.", {
      locationType: "parameter",
      location: "syncToken",
    });
  }
  if (sync.calendar === calendar.id && sync.generation === calendar.generation) return sync.version;
  throw new GoogleRefusal(410, "fullSyncRequired", "Sync token is no longer valid, a full sync is required.", {
    domain: "calendar",
    locationType: "parameter",
    location: "syncToken",
  });
}

/** Where an event stands in a list: what it is ordered by, then its id. */
export type ListPosition = [number, string];

/** Negative where `a` comes first. */
export function comparePositions([a, idA]: ListPosition, [b, idB]: ListPosition): number {
  if (a !== b) return a - b;
  return idA < idB ? -1 : Number(idA > idB);
}

/** The last event of the page before, and the calendar's version that the first page saw. */
export type PagePosition = z.infer<typeof pageSchema>;

/** A token for the next page. */
export function writePageToken(position: PagePosition): string {
  return encode(position);
}

/** @throws GoogleRefusal 400 */
export function readPageToken(token: string): PagePosition {
  const position = pageSchema.safeParse(decode(token)).data;
  if (position === undefined) {
    throw new GoogleRefusal(400, "invalid", "Invalid page token value.", {
      locationType: "parameter",
      location: "pageToken",
    });
  }
  return position;
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

function decode(token: string): unknown {
  try {
    return JSON.parse(Buffer.from(token, "base64url").toString("utf8"));
  } catch {
    return undefined;
  }
}
