import { expect, test } from "@jest/globals";
import { testEventTime } from "./test-event-time.ts";
import { workingWindows } from "./working-windows.ts";

const now = Date.parse("2026-05-04T10:00:00Z");
const everyDay = (from: string, to: string) => [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, from, to }));
const calendar = (from: string, to: string) => ({
  timeZone: "America/New_York",
  workingHours: everyDay(from, to),
  closed: [],
});

test("the test event lies 760 days ahead, at three in the night", () => {
  expect(testEventTime(calendar("09:00", "17:00"), now)).toEqual({
    from: new Date("2028-06-02T07:00:00Z"),
    to: new Date("2028-06-02T07:15:00Z"),
  });
});

test("who works at night is closed at another hour", () => {
  const nights = calendar("00:00", "09:00");
  const span = testEventTime(nights, now);
  expect(workingWindows(nights, span)).toEqual([]);
});

test("who never closes has it at night all the same", () => {
  expect(testEventTime(calendar("00:00", "24:00"), now).from).toEqual(new Date("2028-06-02T07:00:00Z"));
});
