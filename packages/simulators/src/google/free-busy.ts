import { z } from "zod";
import type { Calendar, Calendars } from "./calendars.ts";
import { instantOf, readBound, showInstant } from "./event-time.ts";
import type { Grant } from "./oauth/tokens.ts";
import { GoogleRefusal } from "./refusal.ts";

const MAX_CALENDARS = 50;

const freeBusyQuerySchema = z.object({
  timeMin: z.string(),
  timeMax: z.string(),
  timeZone: z.string().default("UTC"),
  items: z.array(z.object({ id: z.string() })).default([]),
});

type Span = { start: number; end: number };

/**
 * freebusy.query. What cannot be read gets `errors` instead of a refusal of the whole: `notFound`, or
 * `tooManyCalendarsRequested` for all where there are more than 50.
 * @throws GoogleRefusal 400 for a missing or empty time range
 */
export function queryFreeBusy(calendars: Calendars, grant: Grant, body: unknown): object {
  const parsed = freeBusyQuerySchema.safeParse(body);
  if (!parsed.success) {
    const location = String(parsed.error.issues[0]?.path[0]);
    throw new GoogleRefusal(400, "required", `Missing ${location}.`, { locationType: "parameter", location });
  }
  const { timeMin, timeMax, timeZone, items } = parsed.data;
  const range = { start: readBound(timeMin, "timeMin"), end: readBound(timeMax, "timeMax") };
  if (range.end <= range.start) {
    throw new GoogleRefusal(400, "timeRangeEmpty", "The specified time range is empty.", {
      domain: "calendar",
      locationType: "parameter",
      location: "timeMax",
    });
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
function busySpans(calendar: Calendar, range: Span): Span[] {
  const spans = [...calendar.events.values()]
    .filter((event) => event.status !== "cancelled" && event.fields.transparency !== "transparent")
    .map((event) => ({
      start: Math.max(instantOf(event.start, calendar.timeZone), range.start),
      end: Math.min(instantOf(event.end, calendar.timeZone), range.end),
    }))
    .filter((span) => span.start < span.end)
    .sort((a, b) => a.start - b.start);
  const joined: Span[] = [];
  for (const span of spans) {
    const last = joined.at(-1);
    if (last !== undefined && span.start <= last.end) last.end = Math.max(last.end, span.end);
    else joined.push(span);
  }
  return joined;
}
