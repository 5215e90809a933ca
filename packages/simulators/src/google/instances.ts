import { DateTime } from "luxon";
import { z } from "zod";
import type { Calendar, StoredEvent } from "./calendars.ts";
import { type EventTime, instantOf } from "./event-time.ts";
import { startsOf } from "./recurrence.ts";

/** Milliseconds since the epoch. */
export type Range = { start: number; end: number };

/** How far a series without end is expanded where the question has no end either. */
const HORIZON_MS = 2 * 365 * 24 * 3600_000;
const DAY_MS = 24 * 3600_000;

const linesSchema = z.array(z.string()).catch([]);

/** The lines of `recurrence`; none for a single event. */
export function recurrenceOf(event: Pick<StoredEvent, "fields">): string[] {
  return linesSchema.parse(event.fields.recurrence ?? []);
}

/**
 * Single events and the instances of recurring ones, cancelled ones included; an instance that was changed by itself
 * stands in for the one of the series. Instances outside the range are left out, single events are not.
 */
export function expandEvents(calendar: Calendar, range: Partial<Range>): StoredEvent[] {
  return [...calendar.events.values()].flatMap((event) =>
    recurrenceOf(event).length === 0 ? [event] : instancesOf(calendar, event, range),
  );
}

/** The instance of a series that `id` names, as `<series>_20260309T140000Z` or `<series>_20260309`. */
export function findInstance(calendar: Calendar, id: string): StoredEvent | undefined {
  const [, seriesId = "", day = ""] = /^(.+)_(\d{8})(?:T\d{6}Z)?$/.exec(id) ?? [];
  const series = calendar.events.get(seriesId);
  if (series === undefined || recurrenceOf(series).length === 0) return undefined;
  const at = DateTime.fromISO(day, { zone: "utc" }).toMillis();
  const around = { start: at - 2 * DAY_MS, end: at + 3 * DAY_MS };
  return instancesOf(calendar, series, around).find((instance) => instance.id === id);
}

function instancesOf(calendar: Calendar, series: StoredEvent, range: Partial<Range>): StoredEvent[] {
  const { recurrence: _lines, ...fields } = series.fields;
  const zone = calendar.timeZone;
  const until = range.end ?? Math.max(instantOf(series.start, zone), series.updatedAt) + HORIZON_MS;
  const starts = startsOf({ lines: recurrenceOf(series), start: series.start }, zone, until);
  return starts.flatMap((start) => {
    const id = `${series.id}_${stampOf(start)}`;
    const end = endOf(series, start, zone);
    if (calendar.events.has(id) || instantOf(end, zone) <= (range.start ?? Number.NEGATIVE_INFINITY)) return [];
    return [{ ...series, id, fields, start, end, recurringEventId: series.id, originalStart: start }];
  });
}

function stampOf(start: EventTime): string {
  if (start.kind === "date") return start.date.replaceAll("-", "");
  return DateTime.fromMillis(start.at, { zone: "utc" }).toFormat("yyyyMMdd'T'HHmmss'Z'");
}

/** Of an instance: all-day ones last as many days as the first, whatever the clocks do. */
function endOf({ start: first, end }: StoredEvent, start: EventTime, zone: string): EventTime {
  if (first.kind === "date" && end.kind === "date" && start.kind === "date") {
    const days = Math.round((dayOf(end.date) - dayOf(first.date)) / DAY_MS);
    return { kind: "date", date: DateTime.fromISO(start.date).plus({ days }).toFormat("yyyy-MM-dd") };
  }
  const length = instantOf(end, zone) - instantOf(first, zone);
  const timeZone = end.kind === "instant" ? end.timeZone : undefined;
  return { kind: "instant", at: instantOf(start, zone) + length, timeZone };
}

function dayOf(date: string): number {
  return DateTime.fromISO(date, { zone: "utc" }).toMillis();
}
