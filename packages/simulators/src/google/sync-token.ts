import { z } from "zod";
import type { Calendar } from "./calendars.ts";
import { GoogleRefusal } from "./refusal.ts";

const syncSchema = z.object({ calendar: z.string(), generation: z.int(), version: z.int() });
const pageSchema = z.object({ offset: z.int().nonnegative(), version: z.int() });

/** A token that later lists what changed in the calendar after `version`. */
export function writeSyncToken(calendar: Calendar, version: number): string {
  return encode({ calendar: calendar.id, generation: calendar.generation, version });
}

/**
 * The version a sync token stands for.
 * @throws GoogleRefusal 410 fullSyncRequired where it is stale, another calendar's or no token at all
 */
export function readSyncToken(calendar: Calendar, token: string): number {
  const sync = syncSchema.safeParse(decode(token)).data;
  if (sync?.calendar === calendar.id && sync.generation === calendar.generation) return sync.version;
  throw new GoogleRefusal(410, "fullSyncRequired", "Sync token is no longer valid, a full sync is required.", {
    domain: "calendar",
    locationType: "parameter",
    location: "syncToken",
  });
}

/** Where the next page begins, and the version that the first page saw. */
export type PagePosition = z.infer<typeof pageSchema>;

/** A token for the next page. */
export function writePageToken(position: PagePosition): string {
  return encode(position);
}

/** @throws GoogleRefusal 400 */
export function readPageToken(token: string): PagePosition {
  const position = pageSchema.safeParse(decode(token)).data;
  if (position === undefined) throw new GoogleRefusal(400, "invalid", "Invalid page token value.");
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
