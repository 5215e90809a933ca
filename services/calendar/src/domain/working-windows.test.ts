import { describe, expect, test } from "@jest/globals";
import { type WorkingHours, workingWindows } from "./working-windows.ts";

const span = (weekday: number, from: string, to: string): WorkingHours => ({ weekday, from, to });
const everyDay = (from: string, to: string) => [1, 2, 3, 4, 5, 6, 7].map((weekday) => span(weekday, from, to));

/** Windows as "from/to" in UTC, minutes. */
function windows(
  timeZone: string,
  workingHours: WorkingHours[],
  [from, to]: [string, string],
  closed: string[] = [],
): string[] {
  const range = { from: new Date(from), to: new Date(to) };
  return workingWindows({ timeZone, workingHours, closed }, range).map((window) =>
    [window.from, window.to].map((date) => date.toISOString().slice(0, 16)).join("/"),
  );
}

describe("working windows", () => {
  const newYork = "America/New_York";

  test("a split shift is two windows, each on its weekday", () => {
    const hours = [span(1, "13:00", "17:00"), span(1, "09:00", "12:00"), span(2, "10:00", "11:00")];
    expect(windows(newYork, hours, ["2026-01-05T00:00Z", "2026-01-07T00:00Z"])).toEqual([
      "2026-01-05T14:00/2026-01-05T17:00",
      "2026-01-05T18:00/2026-01-05T22:00",
      "2026-01-06T15:00/2026-01-06T16:00",
    ]);
  });

  test("touching and overlapping spans of a day are one window", () => {
    const hours = [span(1, "09:00", "12:00"), span(1, "12:00", "13:00"), span(1, "12:30", "14:00")];
    expect(windows("UTC", hours, ["2026-01-05T00:00Z", "2026-01-06T00:00Z"])).toEqual([
      "2026-01-05T09:00/2026-01-05T14:00",
    ]);
  });

  test("closed days of the zone have no windows", () => {
    const range: [string, string] = ["2026-12-24T05:00Z", "2026-12-27T05:00Z"];
    expect(windows(newYork, everyDay("20:00", "23:00"), range, ["2026-12-25"])).toEqual([
      "2026-12-25T01:00/2026-12-25T04:00",
      "2026-12-27T01:00/2026-12-27T04:00",
    ]);
  });

  test("windows are cut to the range, and none is given for a range outside of them", () => {
    const hours = [span(1, "09:00", "17:00")];
    expect(windows("UTC", hours, ["2026-01-05T10:15Z", "2026-01-05T11:00Z"])).toEqual([
      "2026-01-05T10:15/2026-01-05T11:00",
    ]);
    expect(windows("UTC", hours, ["2026-01-05T17:00Z", "2026-01-06T09:00Z"])).toEqual([]);
    expect(windows("UTC", hours, ["2026-01-05T09:00Z", "2026-01-05T09:00Z"])).toEqual([]);
  });

  test("the afternoon keeps its wall-clock time on the day the clocks go forward", () => {
    expect(windows(newYork, everyDay("13:00", "17:00"), ["2026-03-07T05:00Z", "2026-03-09T04:00Z"])).toEqual([
      "2026-03-07T18:00/2026-03-07T22:00",
      "2026-03-08T17:00/2026-03-08T21:00",
    ]);
  });

  test("the afternoon keeps its wall-clock time on the day the clocks go back", () => {
    expect(windows(newYork, everyDay("13:00", "17:00"), ["2026-10-31T04:00Z", "2026-11-02T05:00Z"])).toEqual([
      "2026-10-31T17:00/2026-10-31T21:00",
      "2026-11-01T18:00/2026-11-01T22:00",
    ]);
  });

  test("a whole day has 23 hours when the clocks go forward and 25 when they go back", () => {
    expect(windows(newYork, [span(7, "00:00", "24:00")], ["2026-03-07T00:00Z", "2026-03-10T00:00Z"])).toEqual([
      "2026-03-08T05:00/2026-03-09T04:00",
    ]);
    expect(windows(newYork, [span(7, "00:00", "24:00")], ["2026-10-31T00:00Z", "2026-11-03T00:00Z"])).toEqual([
      "2026-11-01T04:00/2026-11-02T05:00",
    ]);
  });

  test("a bound in the skipped hour is the moment the clocks change", () => {
    const range: [string, string] = ["2026-03-08T05:00Z", "2026-03-09T04:00Z"];
    expect(windows(newYork, [span(7, "02:30", "05:00")], range)).toEqual(["2026-03-08T07:00/2026-03-08T09:00"]);
    expect(windows(newYork, [span(7, "01:00", "02:30")], range)).toEqual(["2026-03-08T06:00/2026-03-08T07:00"]);
    expect(windows(newYork, [span(7, "02:10", "02:50")], range)).toEqual([]);
  });

  test("a bound in the repeated hour is its first passing", () => {
    const range: [string, string] = ["2026-11-01T04:00Z", "2026-11-02T05:00Z"];
    expect(windows(newYork, [span(7, "01:00", "01:45")], range)).toEqual(["2026-11-01T05:00/2026-11-01T05:45"]);
    expect(windows(newYork, [span(7, "01:30", "03:00")], range)).toEqual(["2026-11-01T05:30/2026-11-01T08:00"]);
  });

  test("zones a day ahead of UTC, of half hours and of half-hour changes", () => {
    const day: [string, string] = ["2026-01-11T00:00Z", "2026-01-12T12:00Z"];
    expect(windows("Pacific/Tongatapu", [span(1, "09:00", "10:00")], day)).toEqual([
      "2026-01-11T20:00/2026-01-11T21:00",
    ]);
    expect(windows("Pacific/Kiritimati", [span(1, "00:00", "01:00")], day)).toEqual([
      "2026-01-11T10:00/2026-01-11T11:00",
    ]);
    expect(windows("Asia/Kolkata", [span(1, "09:00", "10:00")], day)).toEqual(["2026-01-12T03:30/2026-01-12T04:30"]);
    // Lord Howe goes from +11:00 to +10:30 at 02:00 on 2026-04-05.
    const change: [string, string] = ["2026-04-04T10:00Z", "2026-04-05T20:00Z"];
    expect(windows("Australia/Lord_Howe", [span(7, "00:00", "09:00")], change)).toEqual([
      "2026-04-04T13:00/2026-04-04T22:30",
    ]);
  });

  test("a day that a zone left out has no windows", () => {
    // Samoa went from 2011-12-29 to 2011-12-31.
    expect(windows("Pacific/Apia", everyDay("09:00", "10:00"), ["2011-12-29T10:00Z", "2011-12-31T09:00Z"])).toEqual([
      "2011-12-29T19:00/2011-12-29T20:00",
      "2011-12-30T19:00/2011-12-30T20:00",
    ]);
  });
});
