import { describe, expect, test } from "@jest/globals";
import { readTypedTime } from "./typed-time.ts";

const read = (text: string, { timeZone = "America/New_York", isEnd = false } = {}) =>
  readTypedTime(text, { option: "--from", timeZone, isEnd }).toISOString();

describe("a typed time", () => {
  test.each([
    ["2026-12-24 13:00", "2026-12-24T18:00:00.000Z"],
    ["2026-12-24T13:00", "2026-12-24T18:00:00.000Z"],
    [" 2026-07-24T13:00:30 ", "2026-07-24T17:00:30.000Z"],
    ["2026-12-24T13:00+01:00", "2026-12-24T12:00:00.000Z"],
    ["2026-12-24 13:00Z", "2026-12-24T13:00:00.000Z"],
    ["2026-11-01T01:30-04:00", "2026-11-01T05:30:00.000Z"],
    ["2026-11-01T01:30-05:00", "2026-11-01T06:30:00.000Z"],
    ["2026-03-08 03:00", "2026-03-08T07:00:00.000Z"],
  ])("%s is %s", (text, instant) => {
    expect(read(text)).toBe(instant);
  });

  test("that is a date alone is that day from its beginning to its end, whatever the clocks do", () => {
    const both = (text: string, timeZone?: string) => [
      read(text, { ...(timeZone && { timeZone }) }),
      read(text, { ...(timeZone && { timeZone }), isEnd: true }),
    ];
    expect(both("2026-12-24")).toEqual(["2026-12-24T05:00:00.000Z", "2026-12-25T05:00:00.000Z"]);
    // 23 and 25 hours.
    expect(both("2026-03-08")).toEqual(["2026-03-08T05:00:00.000Z", "2026-03-09T04:00:00.000Z"]);
    expect(both("2026-11-01")).toEqual(["2026-11-01T04:00:00.000Z", "2026-11-02T05:00:00.000Z"]);
    // No midnight in Beirut on that day, and two of them in Havana.
    expect(both("2026-03-29", "Asia/Beirut")[0]).toBe("2026-03-28T22:00:00.000Z");
    expect(both("2026-11-01", "America/Havana")[0]).toBe("2026-11-01T04:00:00.000Z");
  });

  test.each([
    ["2026-03-08 02:30", /^--from: 2026-03-08T02:30 in America\/New_York does not exist: the clocks are put forward/],
    [
      "2026-11-01 01:30",
      /^--from: 2026-11-01T01:30 in America\/New_York comes twice, .*: write 2026-11-01T01:30-04:00 or 2026-11-01T01:30-05:00\.$/,
    ],
    ["2026-02-30", /^--from: there is no such day as 2026-02-30\.$/],
    ["2026-02-28 24:00", /^--from: there is no such time as 2026-02-28 24:00\.$/],
    ["2026-02-28 12:60", /^--from: there is no such time as /],
    ["2026-02-28T12:00+99:00", /^--from must be a time such as /],
    ["24.12.2026", /^--from must be a time such as /],
    ["2026-12-24 1pm", /^--from must be a time such as /],
    ["", /^--from must be a time such as /],
  ])("%s is refused", (text, message) => {
    expect(() => read(text)).toThrow(message);
  });
});
