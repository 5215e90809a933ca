import { expect, test } from "@jest/globals";
import { describeDay, describeSlot, describeTime } from "./describe-time.ts";

const NEW_YORK = "America/New_York";

test.each([
  ["2027-01-19T19:00:00Z", NEW_YORK, "Tue, Jan 19 at 2:00 PM"],
  ["2027-01-19T17:00:00Z", NEW_YORK, "Tue, Jan 19 at 12:00 PM"],
  ["2027-01-19T05:05:00Z", NEW_YORK, "Tue, Jan 19 at 12:05 AM"],
  ["2027-03-14T18:00:00Z", NEW_YORK, "Sun, Mar 14 at 2:00 PM"],
  ["2026-11-01T19:00:00Z", NEW_YORK, "Sun, Nov 1 at 2:00 PM"],
  ["2027-03-28T14:00:00Z", "Europe/London", "Sun, Mar 28 at 3:00 PM"],
  ["2027-01-14T11:00:00Z", "Pacific/Auckland", "Fri, Jan 15 at 12:00 AM"],
  ["2027-01-15T10:00:00Z", "Asia/Kolkata", "Fri, Jan 15 at 3:30 PM"],
])("%s in %s reads %s", (instant, timeZone, expected) => {
  expect(describeSlot(new Date(instant), timeZone)).toBe(expected);
});

test.each([
  ["2027-01-12T01:00:00Z", "today, Mon, Jan 11"],
  ["2027-01-12T15:00:00Z", "tomorrow, Tue, Jan 12"],
  ["2027-01-13T15:00:00Z", "Wed, Jan 13"],
  ["2028-01-05T15:00:00Z", "Wed, Jan 5, 2028"],
])("on Jan 11 the day of %s is %s", (instant, expected) => {
  expect(describeDay(new Date(instant), NEW_YORK, new Date("2027-01-11T15:00:00Z"))).toBe(expected);
});

test("tomorrow is the next date even when it begins 23 hours from now", () => {
  const saturdayNight = new Date("2027-03-14T04:30:00Z");
  expect(describeDay(new Date("2027-03-15T03:30:00Z"), NEW_YORK, saturdayNight)).toBe("tomorrow, Sun, Mar 14");
});

test("a time keeps within the plain SMS alphabet", () => {
  expect(describeTime(new Date("2027-01-19T19:00:00Z"), NEW_YORK)).toBe("2:00 PM");
});
