import { expect, test } from "@jest/globals";
import { hullOf, searchParts, spreadChoice } from "./choose-openings.ts";
import { localDayOf, localWeekOf, splitByLocalDay } from "./local-days.ts";
import { calendarTime, freeStarts, isOpenAt, neededAround, type Span } from "./openings.ts";

const at = (clock: string) => Date.parse(`2030-01-15T${clock}:00Z`);
const span = (from: string, to: string) => ({ from: at(from), to: at(to) });
const rules = { durationMinutes: 60, bufferBeforeMinutes: 0, bufferAfterMinutes: 15, slotStepMinutes: 30 };
const wholeDay = span("00:00", "23:59");
const startsIn = (windows: Span[], blocked: Span[], within = wholeDay) =>
  clocks(freeStarts(calendarTime({ windows, blocked }), within, rules));
const clocks = (starts: number[]) => starts.map((start) => new Date(start).toISOString().slice(11, 16));

test("starts step from the window's beginning and the whole duration fits within working time", () => {
  expect(startsIn([span("09:00", "11:00")], [])).toEqual(["09:00", "09:30", "10:00"]);
});

test("buffers keep distance to what is blocked, before and after", () => {
  expect(startsIn([span("09:00", "13:00")], [span("11:00", "11:30")])).toEqual(["09:00", "09:30", "11:30", "12:00"]);
});

test("starts outside what was asked for are left out", () => {
  expect(startsIn([span("09:00", "13:00")], [], span("09:10", "10:30"))).toEqual(["09:30", "10:00"]);
});

test("split shifts each begin their own steps", () => {
  expect(startsIn([span("09:00", "10:00"), span("13:15", "14:15")], [])).toEqual(["09:00", "13:15"]);
});

test("a slot may run past midnight where the next day's work begins then, and steps begin anew with the day", () => {
  const [monday, tuesday] = [at("00:00"), at("00:00") + 24 * 3_600_000];
  const windows = [
    { from: at("22:10"), to: tuesday },
    { from: tuesday, to: tuesday + 90 * 60_000 },
  ];
  const within = { from: monday, to: tuesday + 24 * 3_600_000 };
  const time = calendarTime({ windows, blocked: [] });
  expect(clocks(freeStarts(time, within, rules))).toEqual(["22:10", "22:40", "23:10", "23:40", "00:00", "00:30"]);
  expect(isOpenAt(at("23:55"), time, rules)).toBe(true);
  expect(isOpenAt(tuesday + 31 * 60_000, time, rules)).toBe(false);
  const alone = calendarTime({ windows: windows.slice(0, 1), blocked: [] });
  expect(clocks(freeStarts(alone, within, rules))).toEqual(["22:10", "22:40"]);
});

test("what is blocked may come in any order, overlap and be empty", () => {
  const blocked = [span("11:00", "11:30"), span("09:00", "10:30"), span("09:15", "09:30"), span("12:00", "12:00")];
  expect(startsIn([span("09:00", "13:00")], blocked)).toEqual(["11:30", "12:00"]);
});

test("what is needed around a search reaches as far as a slot and its buffers do, and a day of 25 hours back", () => {
  const long = { durationMinutes: 600, bufferBeforeMinutes: 0, bufferAfterMinutes: 1_200 };
  const hours = (span: Span) => [span.from / 3_600_000, span.to / 3_600_000];
  expect(hours(neededAround({ from: 0, to: 0 }, long))).toEqual([-25, 30]);
});

test("the choice spreads over what is free and never overlaps itself", () => {
  const starts = ["09:00", "09:30", "10:00", "10:30", "11:00", "15:00"].map(at);
  expect(clocks(spreadChoice(starts, 60, 3))).toEqual(["09:00", "11:00", "15:00"]);
});

const days = (dates: Span[]) => dates.map((day) => new Date(day.from).toISOString());

test("a span is cut at the tenant's midnights, also where the clocks change", () => {
  const span = { from: Date.parse("2027-03-13T12:00:00Z"), to: Date.parse("2027-03-15T12:00:00Z") };
  expect(days(splitByLocalDay(span, "America/New_York"))).toEqual([
    "2027-03-13T12:00:00.000Z",
    "2027-03-14T05:00:00.000Z",
    "2027-03-15T04:00:00.000Z",
  ]);
});

test("a day begins with its first midnight where there are two, and where there is none, after it", () => {
  const autumn = { from: Date.parse("2026-10-31T12:00:00Z"), to: Date.parse("2026-11-02T12:00:00Z") };
  expect(days(splitByLocalDay(autumn, "America/Havana"))).toEqual([
    "2026-10-31T12:00:00.000Z",
    "2026-11-01T04:00:00.000Z",
    "2026-11-02T05:00:00.000Z",
  ]);
  expect(days([localDayOf(Date.parse("2027-03-14T12:00:00Z"), "America/Havana")])).toEqual([
    "2027-03-14T05:00:00.000Z",
  ]);
  // The last hour of March 27 is left out in Nuuk.
  const spring = { from: Date.parse("2027-03-27T01:30:00Z"), to: Date.parse("2027-03-28T12:00:00Z") };
  expect(days(splitByLocalDay(spring, "America/Nuuk"))).toEqual([
    "2027-03-27T01:30:00.000Z",
    "2027-03-27T02:00:00.000Z",
    "2027-03-28T01:00:00.000Z",
  ]);
});

test("a week begins on the tenant's Monday", () => {
  const week = localWeekOf(Date.parse("2027-01-10T11:00:00Z"), "Pacific/Auckland");
  expect([week.from, week.to].map((at) => new Date(at).toISOString())).toEqual([
    "2027-01-10T11:00:00.000Z",
    "2027-01-17T11:00:00.000Z",
  ]);
});

test("a search begins with a week and goes on in greater parts, none longer than the calendars are read at once", () => {
  const dayMs = 86_400_000;
  const dates = Array.from({ length: 730 }, (_, index) => ({ from: index * dayMs, to: (index + 1) * dayMs }));
  const parts = searchParts(dates);
  expect(parts.map((part) => part.length)).toEqual([7, 56, 390, 277]);
  expect(parts.flat()).toEqual(dates);
  const apart = [0, 500, 1].map((day) => ({ from: day * dayMs, to: (day + 1) * dayMs }));
  for (const part of searchParts(apart)) expect(hullOf(part).to - hullOf(part).from).toBeLessThan(398 * dayMs);
  expect(searchParts([])).toEqual([]);
});

test.each([
  ["09:07", true, "off the step is as good"],
  ["08:59", false, "before the window"],
  ["12:01", false, "running past its end"],
  ["09:46", false, "its buffer touching what is busy"],
  ["09:45", true, "its buffer ending where that begins"],
])("a slot at %s is open: %s (%s)", (clock, open) => {
  const time = calendarTime({ windows: [span("09:00", "13:00")], blocked: [span("11:00", "11:30")] });
  expect(isOpenAt(at(clock), time, rules)).toBe(open);
});
