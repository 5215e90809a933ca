import { DateTime } from "luxon";
import { addDays } from "../resolve-local-time.ts";
import type { DateRange, WhenDate } from "../when.ts";
import { WEEKDAY_KEYS } from "./when-words.ts";

/** Local dates are `YYYY-MM-DD`; weeks begin on Monday; `name` is an English weekday or the beginning of one. */

const parse = (date: string) => DateTime.fromISO(date, { zone: "utc" });
const format = (date: DateTime) => date.toFormat("yyyy-MM-dd");

export const weekdayKey = (date: string) => WEEKDAY_KEYS[parse(date).weekday - 1] ?? "mon";
export const weekdayIndex = (name: string) => WEEKDAY_KEYS.findIndex((key) => name.startsWith(key));
export const mondayOf = (date: string) => addDays(date, 1 - parse(date).weekday);

/** Both ends of a date that may be a range. */
export const asRange = (date: WhenDate): DateRange => (typeof date === "string" ? { from: date, to: date } : date);

/** That weekday from `date` on; `date` itself if it is one. */
export const onOrAfter = (date: string, name: string) =>
  addDays(date, (weekdayIndex(name) - parse(date).weekday + 8) % 7);

/** A weekday of the week of `date`, or of one so many weeks from it. */
export const inWeekOf = (date: string, name: string, weeks = 0) =>
  addDays(mondayOf(date), weeks * 7 + weekdayIndex(name));

/** First and last day of the month that is so many months from that of `date`. */
export function monthOf(date: string, months = 0): DateRange {
  const first = parse(date).startOf("month").plus({ months });
  return { from: format(first), to: format(first.endOf("month")) };
}

/** The nth of a month; undefined where that month is too short. */
export function dayOfMonth(date: string, day: number, months = 0): string | undefined {
  const { from, to } = monthOf(date, months);
  const found = addDays(from, day - 1);
  return day >= 1 && found <= to ? found : undefined;
}
