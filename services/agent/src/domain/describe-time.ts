import { DateTime } from "luxon";
import { addDays, toLocal } from "./resolve-local-time.ts";

// Beyond this a day without its year would be misread.
const YEAR_NEEDED_AFTER_DAYS = 300;

const english = (instant: Date, timeZone: string) =>
  // toFormat and not toLocaleString: the latter puts U+202F before "PM", which turns an SMS into UCS-2.
  DateTime.fromJSDate(instant, { zone: timeZone }).setLocale("en-US");

/** "today, Tue, Jan 15", "tomorrow, Wed, Jan 16" or "Fri, Jan 18"; with the year when it is nearly a year away. */
export function describeDay(instant: Date, timeZone: string, now: Date): string {
  const day = english(instant, timeZone);
  const date = day.toFormat("yyyy-MM-dd");
  const today = toLocal(now, timeZone).date;
  if (date === today) return `today, ${day.toFormat("ccc, LLL d")}`;
  if (date === addDays(today, 1)) return `tomorrow, ${day.toFormat("ccc, LLL d")}`;
  return day.toFormat(date > addDays(today, YEAR_NEEDED_AFTER_DAYS) ? "ccc, LLL d, yyyy" : "ccc, LLL d");
}

/** "2:00 PM" */
export function describeTime(instant: Date, timeZone: string): string {
  return english(instant, timeZone).toFormat("h:mm a");
}

/** "Tue, Jan 15 at 2:00 PM" */
export function describeSlot(instant: Date, timeZone: string): string {
  return english(instant, timeZone).toFormat("ccc, LLL d 'at' h:mm a");
}
