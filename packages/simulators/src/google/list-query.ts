import { z } from "zod";
import { readBound, readZone } from "./event-time.ts";
import { GoogleRefusal } from "./refusal.ts";

const texts = z.array(z.string());

/** The parameters of events.list, after Google's description has been checked. */
const listQuerySchema = z.object({
  timeMin: z.string().optional(),
  timeMax: z.string().optional(),
  updatedMin: z.string().optional(),
  q: z.string().optional(),
  iCalUID: z.string().optional(),
  eventTypes: texts.optional(),
  privateExtendedProperty: texts.optional(),
  sharedExtendedProperty: texts.optional(),
  singleEvents: z.boolean().default(false),
  showDeleted: z.boolean().optional(),
  orderBy: z.enum(["startTime", "updated"]).optional(),
  maxResults: z.number().default(250),
  maxAttendees: z.number().optional(),
  pageToken: z.string().optional(),
  syncToken: z.string().optional(),
  timeZone: z.string().optional(),
});

/** Bounds are milliseconds since the epoch. */
export type ListQuery = Omit<z.output<typeof listQuerySchema>, "timeMin" | "timeMax" | "updatedMin"> & {
  timeMin: number | undefined;
  timeMax: number | undefined;
  updatedMin: number | undefined;
};

/** Not to be combined with a sync token. Source: the description of `syncToken` in Google's discovery document. */
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

/** More than this are never listed at once. Source: the description of `maxResults`. */
const LARGEST_PAGE = 2500;

const OLDEST_UPDATED_MIN_MS = 28 * 24 * 3600_000;

/**
 * Reads the parameters of events.list; `now` is milliseconds since the epoch.
 * @throws GoogleRefusal 400 for a wrong combination or time, 410 where `updatedMin` is too long ago
 */
export function readListQuery(rawQuery: object, now: number): ListQuery {
  const parsed = listQuerySchema.parse(rawQuery);
  const { syncToken, showDeleted, orderBy, singleEvents } = parsed;
  if (syncToken !== undefined && NOT_WITH_SYNC.some((name) => parsed[name] !== undefined)) {
    throw new GoogleRefusal(400, "badRequest", "Sync token cannot be used with search restrictions.");
  }
  if (syncToken !== undefined && showDeleted === false) {
    throw new GoogleRefusal(400, "badRequest", "Sync token cannot be used with showDeleted set to false.");
  }
  if (orderBy === "startTime" && !singleEvents) {
    throw new GoogleRefusal(400, "badRequest", "The requested ordering is not available for the particular query.");
  }
  readZone(parsed.timeZone);
  const bound = (name: "timeMin" | "timeMax" | "updatedMin"): number | undefined => {
    const text = parsed[name];
    return text === undefined ? undefined : readBound(text, name);
  };
  const bounds = { timeMin: bound("timeMin"), timeMax: bound("timeMax"), updatedMin: bound("updatedMin") };
  checkBounds(bounds, now);
  return { ...parsed, ...bounds, maxResults: Math.min(parsed.maxResults, LARGEST_PAGE) };
}

function checkBounds(
  { timeMin, timeMax, updatedMin }: Pick<ListQuery, "timeMin" | "timeMax" | "updatedMin">,
  now: number,
): void {
  if (timeMin !== undefined && timeMax !== undefined && timeMax <= timeMin) {
    throw new GoogleRefusal(400, "timeRangeEmpty", "The specified time range is empty.", {
      ...{ domain: "calendar", locationType: "parameter", location: "timeMax" },
    });
  }
  if (updatedMin !== undefined && updatedMin < now - OLDEST_UPDATED_MIN_MS) {
    throw new GoogleRefusal(
      410,
      "updatedMinTooLongAgo",
      "The requested minimum modification time lies too far in the past.",
      { domain: "calendar", locationType: "parameter", location: "updatedMin" },
    );
  }
}

/** Whether a complete list ends with a sync token: one that was searched or ordered does not. */
export function mayBeSynced(query: ListQuery): boolean {
  return NOT_WITH_SYNC.every((name) => name === "timeMin" || name === "timeMax" || query[name] === undefined);
}
