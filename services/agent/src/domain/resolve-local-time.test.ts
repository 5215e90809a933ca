import { describe, expect, test } from "@jest/globals";
import { addDays, resolveLocal, toLocal } from "./resolve-local-time.ts";

type Row = [date: string, time: string, timeZone: string, instant: string, kind: string];

const ROWS: Row[] = [
  ["2027-01-15", "14:00", "America/New_York", "2027-01-15T19:00:00Z", "exact"],
  ["2027-01-15", "00:00", "Pacific/Auckland", "2027-01-14T11:00:00Z", "exact"],
  ["2027-01-15", "09:30", "Asia/Kolkata", "2027-01-15T04:00:00Z", "exact"],
  ["2027-01-15", "23:00", "Pacific/Pago_Pago", "2027-01-16T10:00:00Z", "exact"],
  // New York goes forward.
  ["2027-03-14", "01:59", "America/New_York", "2027-03-14T06:59:00Z", "exact"],
  ["2027-03-14", "02:30", "America/New_York", "2027-03-14T07:30:00Z", "gap"],
  ["2027-03-14", "03:00", "America/New_York", "2027-03-14T07:00:00Z", "exact"],
  ["2027-03-14", "14:00", "America/New_York", "2027-03-14T18:00:00Z", "exact"],
  ["2027-03-14", "24:00", "America/New_York", "2027-03-15T04:00:00Z", "exact"],
  // New York goes back.
  ["2026-11-01", "00:59", "America/New_York", "2026-11-01T04:59:00Z", "exact"],
  ["2026-11-01", "01:30", "America/New_York", "2026-11-01T05:30:00Z", "ambiguous"],
  ["2026-11-01", "02:00", "America/New_York", "2026-11-01T07:00:00Z", "exact"],
  ["2026-11-01", "14:00", "America/New_York", "2026-11-01T19:00:00Z", "exact"],
  ["2027-11-07", "01:00", "America/New_York", "2027-11-07T05:00:00Z", "ambiguous"],
  ["2027-11-07", "16:30", "America/New_York", "2027-11-07T21:30:00Z", "exact"],
  ["2027-03-14", "15:00", "America/Los_Angeles", "2027-03-14T22:00:00Z", "exact"],
  // London.
  ["2027-03-28", "01:30", "Europe/London", "2027-03-28T01:30:00Z", "gap"],
  ["2027-03-28", "15:00", "Europe/London", "2027-03-28T14:00:00Z", "exact"],
  ["2026-10-25", "01:30", "Europe/London", "2026-10-25T00:30:00Z", "ambiguous"],
  ["2026-10-25", "15:00", "Europe/London", "2026-10-25T15:00:00Z", "exact"],
  // Half an hour.
  ["2026-10-04", "02:15", "Australia/Lord_Howe", "2026-10-03T15:45:00Z", "gap"],
  ["2027-04-04", "01:45", "Australia/Lord_Howe", "2027-04-03T14:45:00Z", "ambiguous"],
];

describe("a wall-clock time in a zone", () => {
  for (const [date, time, timeZone, instant, kind] of ROWS) {
    test(`${date} ${time} in ${timeZone} is ${kind} ${instant}`, () => {
      expect(resolveLocal({ date, time, timeZone })).toEqual({ instant: new Date(instant), kind });
    });
  }

  test("every hour of both transition days that exists comes back as it was given", () => {
    for (const date of ["2027-03-14", "2026-11-01"]) {
      for (let hour = 0; hour < 24; hour++) {
        const time = `${String(hour).padStart(2, "0")}:15`;
        const { instant, kind } = resolveLocal({ date, time, timeZone: "America/New_York" });
        if (kind !== "gap") expect(toLocal(instant, "America/New_York")).toEqual({ date, time });
      }
    }
  });

  test.each([
    { date: "2027-02-30", time: "10:00", timeZone: "America/New_York" },
    { date: "2027-02-03", time: "25:00", timeZone: "America/New_York" },
    { date: "2027-02-03", time: "10:00", timeZone: "Mars/Olympus" },
  ])("refuses $date $time $timeZone", (local) => {
    expect(() => resolveLocal(local)).toThrow(RangeError);
  });
});

test("adds days by the calendar, over a change of clocks and the end of a year", () => {
  expect(addDays("2027-03-13", 2)).toBe("2027-03-15");
  expect(addDays("2026-12-31", 1)).toBe("2027-01-01");
});
