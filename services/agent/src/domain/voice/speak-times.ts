import { DateTime } from "luxon";
import { toLocal } from "../resolve-local-time.ts";
import { listed } from "./speech.ts";

const english = (instant: Date, timeZone: string) =>
  DateTime.fromJSDate(instant, { zone: timeZone }).setLocale("en-US");

/** "Tuesday, January 15" */
export function speakDay(instant: Date, timeZone: string): string {
  return english(instant, timeZone).toFormat("cccc, LLLL d");
}

/** "10 AM", "3:30 PM" */
export function speakTime(instant: Date, timeZone: string): string {
  const local = english(instant, timeZone);
  return local.toFormat(local.minute === 0 ? "h a" : "h:mm a");
}

/**
 * "On Tuesday, January 15, we have times available at 10 AM, 2 PM, or 3:30 PM." Days after the first follow as "; on
 * Wednesday, January 16, at 9 AM". `starts` is in the order of time; an hour that two calendars have is said once.
 */
export function speakTimes(starts: Date[], timeZone: string): string {
  const days = Map.groupBy(starts, (start) => toLocal(start, timeZone).date);
  const clauses = [...days.values()].map((times, i) => {
    const day = times[0] ? speakDay(times[0], timeZone) : "";
    const said = listed([...new Set(times.map((time) => speakTime(time, timeZone)))], "or");
    return i === 0 ? `On ${day}, we have times available at ${said}` : `on ${day}, at ${said}`;
  });
  return `${clauses.join("; ")}.`;
}

/** "We have nothing open on Tuesday, January 15." */
export function speakNothingOn(day: Date | undefined, timeZone: string): string {
  return day ? `We have nothing open on ${speakDay(day, timeZone)}.` : "We have nothing open then.";
}

export function speakNothingAtAll(horizonDays: number): string {
  return `I don't see any open times in the next ${horizonDays} days. Would you like a human to call you back?`;
}
