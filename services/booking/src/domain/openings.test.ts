import { expect, test } from "@jest/globals";
import { freeStarts, isOpenAt, splitByLocalDay, spreadChoice } from "./openings.ts";

const at = (clock: string) => Date.parse(`2030-01-15T${clock}:00Z`);
const span = (from: string, to: string) => ({ from: at(from), to: at(to) });
const rules = { durationMinutes: 60, bufferBeforeMinutes: 0, bufferAfterMinutes: 15, slotStepMinutes: 30 };
const clocks = (starts: number[]) => starts.map((start) => new Date(start).toISOString().slice(11, 16));

test("starts step from the window's beginning and the whole duration fits within working time", () => {
  const starts = freeStarts({ windows: [span("09:00", "11:00")], blocked: [], within: span("00:00", "23:59"), rules });
  expect(clocks(starts)).toEqual(["09:00", "09:30", "10:00"]);
});

test("buffers keep distance to what is blocked, before and after", () => {
  const starts = freeStarts({
    windows: [span("09:00", "13:00")],
    blocked: [span("11:00", "11:30")],
    within: span("00:00", "23:59"),
    rules,
  });
  expect(clocks(starts)).toEqual(["09:00", "09:30", "11:30", "12:00"]);
});

test("starts outside what was asked for are left out", () => {
  const starts = freeStarts({ windows: [span("09:00", "13:00")], blocked: [], within: span("09:10", "10:30"), rules });
  expect(clocks(starts)).toEqual(["09:30", "10:00"]);
});

test("split shifts each begin their own steps", () => {
  const starts = freeStarts({
    windows: [span("09:00", "10:00"), span("13:15", "14:15")],
    blocked: [],
    within: span("00:00", "23:59"),
    rules,
  });
  expect(clocks(starts)).toEqual(["09:00", "13:15"]);
});

test("the choice spreads over what is free and never overlaps itself", () => {
  const candidates = ["09:00", "09:30", "10:00", "10:30", "11:00", "15:00"].map((clock) => ({ start: at(clock) }));
  expect(clocks(spreadChoice(candidates, 60, 3).map((one) => one.start))).toEqual(["09:00", "11:00", "15:00"]);
});

test("a span is cut at the tenant's midnights, also where the clocks change", () => {
  const span = { from: Date.parse("2027-03-13T12:00:00Z"), to: Date.parse("2027-03-15T12:00:00Z") };
  expect(splitByLocalDay(span, "America/New_York").map((day) => new Date(day.from).toISOString())).toEqual([
    "2027-03-13T12:00:00.000Z",
    "2027-03-14T05:00:00.000Z",
    "2027-03-15T04:00:00.000Z",
  ]);
});

test.each([
  ["09:07", true, "off the step is as good"],
  ["08:59", false, "before the window"],
  ["12:01", false, "running past its end"],
  ["09:46", false, "its buffer touching what is busy"],
  ["09:45", true, "its buffer ending where that begins"],
])("a slot at %s is open: %s (%s)", (clock, open) => {
  const calendar = { windows: [span("09:00", "13:00")], busy: [span("11:00", "11:30")] };
  expect(isOpenAt(at(clock), calendar, rules)).toBe(open);
});
