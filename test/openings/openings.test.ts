import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { localDayOf, localWeekOf, splitByLocalDay } from "../../services/booking/src/domain/local-days.ts";
import {
  bookableSpan,
  type CalendarTime,
  calendarTime,
  freeStarts,
  isOpenAt,
  neededAround,
  type Span,
} from "../../services/booking/src/domain/openings.ts";
import { workingWindows } from "../../services/calendar/src/domain/working-windows.ts";
import { anyCase, type Case, daysKnown } from "./cases.ts";
import { isFree, type Minutes, type ModelCalendar, minutesOf, openMinutes, wallClock } from "./model.ts";

// OPENINGS_RUNS=200000 npm test -- test/openings for a longer look.
const numRuns = Number(process.env.OPENINGS_RUNS ?? 2_000);
const minute = 60_000;
const timeout = 60_000 + numRuns * 20;

test(
  "openings are what a minute-by-minute model of the rules finds, in all zones and on the days the clocks change",
  () => {
    fc.assert(
      fc.property(anyCase, (asked) => {
        const [found, expected] = [productStarts(asked), modelStarts(asked)];
        // Put into words only where they differ: there are hundreds a case.
        if (found.join() !== expected.join()) expect(found.map(readable(asked))).toEqual(expected.map(readable(asked)));
      }),
      { numRuns },
    );
  },
  timeout,
);

test(
  "a single time is open where the model has it free, whatever the step",
  () => {
    const withTimes = fc.record({
      asked: anyCase,
      offsets: fc.array(fc.nat(2.5 * 1440), { minLength: 30, maxLength: 30 }),
    });
    fc.assert(
      fc.property(withTimes, ({ asked, offsets }) => {
        const [calendar] = asked.calendars as [ModelCalendar];
        const model = minutesFor(asked, calendar);
        const from = asked.first + 2.5 * 1440;
        const around = neededAround({ from: from * minute, to: (from + 2.5 * 1440) * minute }, rulesOf(asked));
        const time = timeFor(asked, calendar, around);
        for (const start of offsets.map((offset) => from + offset)) {
          const open = isOpenAt(start * minute, time, rulesOf(asked));
          const free = isFree(model, start, asked.rules);
          if (open !== free) expect({ [readable(asked)(start)]: open }).toEqual({ [readable(asked)(start)]: free });
        }
      }),
      { numRuns: numRuns / 5 },
    );
  },
  timeout,
);

test(
  "days and weeks are cut where the local date changes",
  () => {
    fc.assert(
      fc.property(anyCase, ({ timeZone, first, asked }) => {
        const dateOf = (ms: number) => wallClock(Math.floor(ms / minute), timeZone).date;
        for (const { from, to } of asked) {
          const parts = splitByLocalDay({ from: from * minute, to: to * minute }, timeZone);
          for (const [index, part] of parts.entries()) {
            expect(part.from).toBe(parts[index - 1]?.to ?? from * minute);
            expect(dateOf(part.to - 1)).toBe(dateOf(part.from));
            const next = parts[index + 1];
            if (next) expect(dateOf(next.from)).not.toBe(dateOf(part.from));
          }
          expect(parts.at(-1)?.to ?? to * minute).toBe(to * minute);
        }
        const now = (first + 3.5 * 1440) * minute;
        const day = localDayOf(now, timeZone);
        const week = localWeekOf(now, timeZone);
        expect([dateOf(day.from), dateOf(day.to - 1)]).toEqual([dateOf(now), dateOf(now)]);
        expect(dateOf(day.from - 1) < dateOf(now) && dateOf(now) < dateOf(day.to)).toBe(true);
        expect(week.from <= day.from && day.to <= week.to).toBe(true);
        for (const monday of [week.from, week.to]) {
          expect(new Date(dateOf(monday)).getUTCDay()).toBe(1);
          expect(dateOf(monday - 1)).not.toBe(dateOf(monday));
        }
      }),
      { numRuns: numRuns / 10 },
    );
  },
  timeout,
);

/** As FindOpenings goes about it: the windows it reads, cut to what it asks the calendars for. */
function productStarts(asked: Case): number[] {
  const { notice: minNoticeMinutes, horizonDays, now, timeZone } = asked;
  const bookable = bookableSpan({ minNoticeMinutes, horizonDays }, now);
  const found = new Set<number>();
  for (const window of asked.asked) {
    const from = Math.max(window.from * minute, bookable.from);
    const to = Math.min(window.to * minute, bookable.to);
    const around = neededAround({ from, to }, rulesOf(asked));
    for (const calendar of asked.calendars) {
      const time = timeFor(asked, calendar, around);
      for (const day of splitByLocalDay({ from, to }, timeZone))
        for (const start of freeStarts(time, day, rulesOf(asked))) found.add(start / minute);
    }
  }
  return [...found].sort((a, b) => a - b);
}

function modelStarts(asked: Case): number[] {
  const earliest = Math.ceil(asked.now / minute) + asked.notice;
  const latest = Math.ceil(asked.now / minute) + asked.horizonDays * 1440 - 1;
  const found = asked.calendars.flatMap((calendar) => {
    const minutes = minutesFor(asked, calendar);
    return asked.asked.flatMap((window) => openMinutes(minutes, window, { ...asked.rules, earliest, latest }));
  });
  return [...new Set(found)].sort((a, b) => a - b);
}

function timeFor({ timeZone }: Case, calendar: ModelCalendar, around: Span): CalendarTime {
  const clock = (minutes: number) =>
    [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, "0")).join(":");
  const workingHours = calendar.hours.map(({ weekday, from, to }) => ({ weekday, from: clock(from), to: clock(to) }));
  const range = { from: new Date(around.from), to: new Date(around.to) };
  const windows = workingWindows({ timeZone, workingHours, closed: calendar.closed }, range);
  const inRange = ({ from, to }: Span) => from < around.to && around.from < to;
  return calendarTime({
    windows: windows.map(({ from, to }) => ({ from: from.getTime(), to: to.getTime() })),
    blocked: calendar.taken.map(({ from, to }) => ({ from: from * minute, to: to * minute })).filter(inRange),
  });
}

function minutesFor({ timeZone, first }: Case, calendar: ModelCalendar): Minutes {
  return minutesOf(calendar, timeZone, first, first + daysKnown * 1440);
}

const rulesOf = ({ rules: { duration, before, after, step } }: Case) => ({
  durationMinutes: duration,
  bufferBeforeMinutes: before,
  bufferAfterMinutes: after,
  slotStepMinutes: step,
});

const readable =
  ({ timeZone }: Case) =>
  (start: number) => {
    const { date, clock } = wallClock(start, timeZone);
    return `${date} ${Math.floor(clock / 60)}:${String(clock % 60).padStart(2, "0")} (${new Date(start * minute).toISOString()})`;
  };
