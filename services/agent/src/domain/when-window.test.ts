import { describe, expect, test } from "@jest/globals";
import { type SearchWindow, whenWindow } from "./when-window.ts";

const CONTEXT = { now: new Date("2027-01-11T15:00:00Z"), timeZone: "America/New_York", horizonDays: 14 };

const show = (windows: SearchWindow[]) =>
  windows.map(({ from, to, exact }) =>
    [from, to, ...(exact ? [exact] : [])].map((at) => at.toISOString().slice(5, 16)).join(" "),
  );

describe("search windows", () => {
  test("an exact time is one minute long, for openings begin in [from, to)", () => {
    expect(show(whenWindow({ date: "2027-01-12", time: "14:00" }, CONTEXT))).toEqual([
      "01-12T19:00 01-12T19:01 01-12T19:00",
    ]);
  });

  test("an approximate time reaches an hour either side, both ends included", () => {
    expect(show(whenWindow({ date: "2027-01-12", time: "14:00", approx: true }, CONTEXT))).toEqual([
      "01-12T18:00 01-12T20:01 01-12T19:00",
    ]);
  });

  test("a part of the day over a range is one window a day", () => {
    const when = { date: { from: "2027-01-12", to: "2027-01-13" }, time: { from: "12:00", to: "17:00" } };
    expect(show(whenWindow(when, CONTEXT))).toEqual(["01-12T17:00 01-12T22:00", "01-13T17:00 01-13T22:00"]);
  });

  test("today begins now, and a day without a time ends at local midnight", () => {
    expect(show(whenWindow({ date: "2027-01-11" }, CONTEXT))).toEqual(["01-11T15:00 01-12T05:00"]);
  });

  test("a time of day that is over today begins tomorrow when no day was said", () => {
    const windows = whenWindow({ time: "09:00" }, { ...CONTEXT, horizonDays: 2 });
    expect(show(windows)).toEqual(["01-12T14:00 01-12T14:01 01-12T14:00", "01-13T14:00 01-13T14:01 01-13T14:00"]);
  });

  test("the soonest is looked for up to the horizon and no further", () => {
    const windows = whenWindow({ soonest: true }, CONTEXT);
    expect(windows).toHaveLength(15);
    expect(windows[0]?.from).toEqual(CONTEXT.now);
    expect(windows.at(-1)?.to).toEqual(new Date("2027-01-25T15:00:00Z"));
  });

  test("nothing is looked for in the past or beyond the horizon", () => {
    expect(whenWindow({ date: "2027-01-11", time: "09:00", past: true }, CONTEXT)).toEqual([]);
    expect(whenWindow({ date: "2027-01-10" }, CONTEXT)).toEqual([]);
    expect(whenWindow({ date: "2027-02-10" }, CONTEXT)).toEqual([]);
  });

  test("an afternoon is five hours on both days when the clocks change", () => {
    const now = new Date("2026-10-30T12:00:00Z");
    const time = { from: "12:00", to: "17:00" };
    const context = { ...CONTEXT, now, horizonDays: 365 };
    expect(show(whenWindow({ date: "2026-11-01", time }, context))).toEqual(["11-01T17:00 11-01T22:00"]);
    expect(show(whenWindow({ date: "2027-03-14", time }, context))).toEqual(["03-14T16:00 03-14T21:00"]);
  });

  test("the day that loses an hour is 23 hours long, the day that gains one 25", () => {
    const hours = (date: string) =>
      whenWindow({ date }, { ...CONTEXT, now: new Date("2026-10-30T12:00:00Z"), horizonDays: 365 }).map(
        ({ from, to }) => (to.getTime() - from.getTime()) / 3_600_000,
      );
    expect(hours("2027-03-14")).toEqual([23]);
    expect(hours("2026-11-01")).toEqual([25]);
  });
});
