import type { TimeWindow, WhenDate, WhenTime, WorkingHours } from "../when.ts";
import type { FoundTime } from "./find-time.ts";
import { weekdayKey } from "./local-dates.ts";
import { formatMinutes, type HourHints, parseMinutes, readHour, readWindow } from "./read-hour.ts";
import type { DayPart } from "./when-words.ts";

const EDGE_MINUTES = 120;

/** The hours of that day; of any day where the day is unknown, a range, or a closed one. */
export function openOn(hours: WorkingHours | undefined, date: WhenDate | undefined): TimeWindow[] {
  const ofDay = typeof date === "string" ? hours?.[weekdayKey(date)] : undefined;
  return ofDay?.length ? ofDay : Object.values(hours ?? {}).flat();
}

/** A time as said → `HH:mm` or a window, its hours read by the hints. */
export function readTime(time: FoundTime, open: TimeWindow[], previous: TimeWindow | undefined): WhenTime | undefined {
  const hints: HourHints = { half: time.part?.half, previous, open };
  if (time.at) return formatMinutes(readHour(time.at, hints));
  const part = time.part && readPart(time.part, open);
  if (time.from && time.to) return readPair(time, readWindow(time.from, time.to, hints));
  if (time.from) return within({ from: formatMinutes(readHour(time.from, hints)), to: "24:00" }, part);
  if (time.to) return within({ from: "00:00", to: formatMinutes(readHour(time.to, hints)) }, part);
  return part;
}

function readPair(time: FoundTime, window: TimeWindow): TimeWindow {
  // A window ends before its `to`: one minute more lets an opening begin at it.
  return time.toIncluded ? { from: window.from, to: formatMinutes(parseMinutes(window.to) + 1) } : window;
}

/** "first thing" and "end of the day" follow the business's hours where they are known. */
function readPart(part: DayPart, open: TimeWindow[]): TimeWindow {
  if (!part.edge || open.length === 0) return { from: part.from, to: part.to };
  if (part.edge === "open") {
    const opens = Math.min(...open.map((window) => parseMinutes(window.from)));
    return { from: formatMinutes(opens), to: formatMinutes(opens + EDGE_MINUTES) };
  }
  const closes = Math.max(...open.map((window) => parseMinutes(window.to)));
  return { from: formatMinutes(Math.max(0, closes - EDGE_MINUTES)), to: formatMinutes(closes) };
}

/** "after 3 in the afternoon": what both allow; the hour alone where they exclude each other. */
function within(window: TimeWindow, part: TimeWindow | undefined): TimeWindow {
  if (!part) return window;
  const from = Math.max(parseMinutes(window.from), parseMinutes(part.from));
  const to = Math.min(parseMinutes(window.to), parseMinutes(part.to));
  return from < to ? { from: formatMinutes(from), to: formatMinutes(to) } : window;
}
