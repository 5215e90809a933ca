import { DateTime } from "luxon";

// Beyond this a day without its year would be misread.
const YEAR_NEEDED_AFTER_DAYS = 300;

/** "Tue, Jan 15 at 2:00 PM" in the tenant's IANA zone; with the year when it is nearly a year away. */
export function describeSlot(start: Date, timeZone: string, now: Date): string {
  const wanted = DateTime.fromJSDate(start, { zone: timeZone });
  const local = (wanted.isValid ? wanted : DateTime.fromJSDate(start, { zone: "utc" })).setLocale("en-US");
  const far = Math.abs(start.getTime() - now.getTime()) > YEAR_NEEDED_AFTER_DAYS * 24 * 60 * 60 * 1_000;
  // toFormat and not toLocaleString: the latter puts U+202F before "PM", which turns an SMS into UCS-2.
  return local.toFormat(far ? "ccc, LLL d, yyyy 'at' h:mm a" : "ccc, LLL d 'at' h:mm a");
}
