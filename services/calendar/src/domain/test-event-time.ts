import { DateTime } from "luxon";
import type { Span } from "./span.ts";
import { type WorkingTime, workingWindows } from "./working-windows.ts";

/** Farther than anything can be booked: a horizon is 730 days at most. */
const daysAhead = 760;
const minutes = 15;

/** A quarter of an hour, 760 days ahead, in which the calendar is closed where it ever is: at night, or else at any hour of that day. */
export function testEventTime(calendar: WorkingTime, now: number): Span {
  const day = DateTime.fromMillis(now, { zone: calendar.timeZone }).plus({ days: daysAhead }).startOf("day");
  const hours = [3, ...Array.from({ length: 24 }, (_, hour) => hour)];
  const spans = hours.map((hour) => {
    const from = day.set({ hour });
    return { from: from.toJSDate(), to: from.plus({ minutes }).toJSDate() };
  });
  const closed = spans.find((span) => workingWindows(calendar, span).length === 0);
  return closed ?? spans[0] ?? { from: day.toJSDate(), to: day.plus({ minutes }).toJSDate() };
}
