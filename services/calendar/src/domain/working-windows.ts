import { IANAZone } from "luxon";
import { clipSpans, type Span } from "./span.ts";

/** One span of working time on one weekday. */
export interface WorkingHours {
  /** ISO weekday: 1 Monday … 7 Sunday. */
  weekday: number;
  /** "HH:mm" */
  from: string;
  /** "HH:mm" after `from`; "24:00" is the end of the day. */
  to: string;
}

export interface WorkingTime {
  /** IANA name. */
  timeZone: string;
  workingHours: WorkingHours[];
  /** Closed days, "YYYY-MM-DD" in the zone. */
  closed: string[];
}

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/**
 * Working time within `range`, ascending. Spans of one day that touch are one window; days stay apart.
 * On the days the clocks change a bound is the first instant at which the wall clock shows its time or a later one.
 */
export function workingWindows(working: WorkingTime, range: Span): Span[] {
  const zone = IANAZone.create(working.timeZone);
  const closed = new Set(working.closed);
  const windows: Span[] = [];
  const end = wallClock(range.to.getTime(), zone);
  for (let day = startOfDay(wallClock(range.from.getTime(), zone)); day < end; day += dayMs) {
    if (closed.has(new Date(day).toISOString().slice(0, 10))) continue;
    for (const span of workOf(new Date(day).getUTCDay() || 7, working.workingHours)) {
      windows.push({
        from: new Date(instantOf(day + span.from, zone)),
        to: new Date(instantOf(day + span.to, zone)),
      });
    }
  }
  return clipSpans(windows, range);
}

/** Working time of a weekday in milliseconds since midnight, ascending, touching spans joined. */
function workOf(weekday: number, hours: WorkingHours[]): { from: number; to: number }[] {
  const spans = hours
    .filter((span) => span.weekday === weekday)
    .map((span) => ({ from: sinceMidnight(span.from), to: sinceMidnight(span.to) }))
    .sort((a, b) => a.from - b.from);
  const joined: { from: number; to: number }[] = [];
  for (const span of spans) {
    const last = joined.at(-1);
    if (last && span.from <= last.to) last.to = Math.max(last.to, span.to);
    else joined.push(span);
  }
  return joined;
}

function sinceMidnight(time: string): number {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return (hours * 60 + minutes) * minuteMs;
}

// A wall-clock time is counted as if it were UTC, so that days are all of one length.

function wallClock(instant: number, zone: IANAZone): number {
  return instant + zone.offset(instant) * minuteMs;
}

function startOfDay(wall: number): number {
  return Math.floor(wall / dayMs) * dayMs;
}

/** The first instant at which the zone's wall clock shows `wall`, or, where that is skipped, goes past it. */
function instantOf(wall: number, zone: IANAZone): number {
  // Offsets stay below a day, so these two are the ones before and after any change of the clocks near `wall`.
  const candidates = [zone.offset(wall - dayMs), zone.offset(wall + dayMs)].map((offset) => wall - offset * minuteMs);
  const earlier = Math.min(...candidates);
  const later = Math.max(...candidates);
  if (wallClock(earlier, zone) === wall) return earlier;
  if (wallClock(later, zone) === wall) return later;
  let before = earlier;
  let after = later;
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (wallClock(middle, zone) < wall) before = middle;
    else after = middle;
  }
  return after;
}
