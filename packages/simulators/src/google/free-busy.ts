import { z } from "zod";
import { isDeclined } from "./attendees.ts";
import type { Calendar, Calendars } from "./calendars.ts";
import { instantOf, readBound, readZone, showInstant } from "./event-time.ts";
import { expandEvents, type Range } from "./instances.ts";
import type { Grant } from "./oauth/tokens.ts";
import { GoogleRefusal } from "./refusal.ts";

const MAX_CALENDARS = 50;

/** "The requested time range is too long": Google tells no number; longer ones were seen refused. */
const LONGEST_RANGE_MS = 90 * 24 * 3600_000;

const freeBusyQuerySchema = z.object({
  timeMin: z.string(),
  timeMax: z.string(),
  timeZone: z.string().nullish(),
  items: z.array(z.object({ id: z.string().default("") })).nullish(),
});

/**
 * freebusy.query. What cannot be read gets `errors` instead of a refusal of the whole: `notFound`, or
 * `tooManyCalendarsRequested` for all where there are more than 50.
 * @throws GoogleRefusal 400 for a missing, empty or too long time range
 */
export function queryFreeBusy(calendars: Calendars, grant: Grant, body: unknown): object {
  const parsed = freeBusyQuerySchema.safeParse(body);
  if (!parsed.success) {
    const location = String(parsed.error.issues[0]?.path[0]);
    throw new GoogleRefusal(400, "required", `Missing ${location} parameter.`, { locationType: "parameter", location });
  }
  const { timeMin, timeMax } = parsed.data;
  const items = parsed.data.items ?? [];
  const timeZone = readZone(parsed.data.timeZone ?? "UTC") ?? "UTC";
  const range = { start: readBound(timeMin, "timeMin"), end: readBound(timeMax, "timeMax") };
  if (range.end <= range.start) {
    throw new GoogleRefusal(400, "timeRangeEmpty", "The specified time range is empty.", {
      domain: "calendar",
      locationType: "parameter",
      location: "timeMax",
    });
  }
  if (range.end - range.start > LONGEST_RANGE_MS) {
    throw new GoogleRefusal(400, "timeRangeTooLong", "The requested time range is too long.", { domain: "calendar" });
  }
  const answers = items.map(({ id }): [string, object] => {
    if (items.length > MAX_CALENDARS) return [id, failure("tooManyCalendarsRequested")];
    const calendar = calendars.find(id, grant);
    if (calendar === undefined) return [id, failure("notFound")];
    if (calendar.freeBusyError !== undefined) return [id, failure(calendar.freeBusyError)];
    const busy = busySpans(calendar, range).map((span) => ({
      start: showInstant(span.start, timeZone),
      end: showInstant(span.end, timeZone),
    }));
    return [id, { busy }];
  });
  return {
    kind: "calendar#freeBusy",
    timeMin: new Date(range.start).toISOString(),
    timeMax: new Date(range.end).toISOString(),
    calendars: Object.fromEntries(answers),
  };
}

function failure(reason: string): object {
  return { errors: [{ domain: "global", reason }], busy: [] };
}

/** Within the range, in order, overlapping and touching ones joined. */
function busySpans(calendar: Calendar, range: Range): Range[] {
  const spans = expandEvents(calendar, range)
    .filter((event) => event.status !== "cancelled" && event.fields.transparency !== "transparent")
    .filter((event) => !isDeclined(calendar, event))
    .map((event) => ({
      start: Math.max(instantOf(event.start, calendar.timeZone), range.start),
      end: Math.min(instantOf(event.end, calendar.timeZone), range.end),
    }))
    .filter((span) => span.start < span.end)
    .sort((a, b) => a.start - b.start);
  const joined: Range[] = [];
  for (const span of spans) {
    const last = joined.at(-1);
    if (last !== undefined && span.start <= last.end) last.end = Math.max(last.end, span.end);
    else joined.push(span);
  }
  return joined;
}
