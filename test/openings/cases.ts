import fc from "fast-check";
import type { ModelCalendar } from "./model.ts";

/** Zones with the ways in which clocks are odd, and UTC midnights of dates about which they are so. */
const zones: Record<string, string[]> = {
  UTC: ["2027-01-11"],
  "America/New_York": ["2027-03-14", "2026-11-01"],
  "Europe/Berlin": ["2027-03-28", "2026-10-25"],
  // A day ahead of UTC, and nearly a day behind it.
  "Pacific/Auckland": ["2026-09-27", "2027-04-04"],
  "Pacific/Apia": ["2026-12-31"],
  "Pacific/Kiritimati": ["2026-12-31", "2028-02-29"],
  "Pacific/Pago_Pago": ["2026-12-31"],
  // Not whole hours from UTC.
  "Asia/Kolkata": ["2027-01-01"],
  "Asia/Kathmandu": ["2027-01-01"],
  "Pacific/Chatham": ["2026-09-27", "2027-04-04"],
  // The clocks change by half an hour.
  "Australia/Lord_Howe": ["2026-10-04", "2027-04-04"],
  // The clocks change at midnight, or to midnight.
  "America/Havana": ["2027-03-14", "2026-11-01"],
  "Asia/Beirut": ["2027-03-28", "2026-10-25"],
  "Africa/Cairo": ["2027-04-30", "2026-10-30"],
  "America/Santiago": ["2026-09-06", "2027-04-04"],
  "Atlantic/Azores": ["2027-03-28", "2026-10-25"],
  "America/Nuuk": ["2027-03-28", "2026-10-25"],
};

/** The odd date is the fourth of eight. */
export const daysKnown = 8;
const dayMinutes = 1440;

/** A tenant with its calendars and what a customer asks for; instants in minutes since the epoch. */
export interface Case {
  timeZone: string;
  /** What is known of begins here, and goes on for `daysKnown` days. */
  first: number;
  calendars: ModelCalendar[];
  rules: { duration: number; before: number; after: number; step: number };
  notice: number;
  horizonDays: number;
  /** Milliseconds since the epoch. */
  now: number;
  asked: { from: number; to: number }[];
}

const often = (usual: fc.Arbitrary<number>, any: fc.Arbitrary<number>) =>
  fc.oneof({ weight: 4, arbitrary: usual }, { weight: 1, arbitrary: any });

const clock = often(fc.constantFrom(0, 60, 90, 120, 150, 540, 720, 780, 1020, 1380, 1440), fc.nat(dayMinutes));
const hours = fc
  .record({ weekday: fc.integer({ min: 1, max: 7 }), one: clock, other: clock })
  .filter(({ one, other }) => one !== other)
  .map(({ weekday, one, other }) => ({ weekday, from: Math.min(one, other), to: Math.max(one, other) }));
const roundTheClock = [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, from: 0, to: dayMinutes }));
const week = fc.oneof(
  { weight: 5, arbitrary: fc.array(hours, { minLength: 1, maxLength: 16 }) },
  { weight: 1, arbitrary: fc.constant(roundTheClock) },
);

const step = often(fc.constantFrom(15, 20, 30, 60), fc.integer({ min: 5, max: dayMinutes }));
const usualRules = fc.record({
  duration: often(fc.constantFrom(30, 45, 60, 90), fc.integer({ min: 5, max: dayMinutes })),
  before: often(fc.constantFrom(0, 5, 15), fc.nat(dayMinutes)),
  after: often(fc.constantFrom(0, 10, 30), fc.nat(dayMinutes)),
  step,
});
/** What a slot occupies reaches into the day after the next. */
const longRules = fc.record({
  duration: fc.integer({ min: 60, max: 600 }),
  before: fc.constant(0),
  after: fc.integer({ min: 1200, max: dayMinutes }),
  step,
});
const rules = fc.oneof({ weight: 9, arbitrary: usualRules }, { weight: 1, arbitrary: longRules });

const places = Object.entries(zones).flatMap(([timeZone, dates]) => dates.map((date) => ({ timeZone, date })));

// Minutes are counted from the beginning of what is known until the place is chosen. The odd date begins after three days
// and, east and west of UTC, up to a day before or after.

const busy = fc
  .record({
    from: fc.integer({ min: dayMinutes, max: 6 * dayMinutes }),
    length: often(fc.nat(120), fc.nat(dayMinutes)),
  })
  .map(({ from, length }) => ({ from, to: from + length }));
/** Somebody else's slot, of an offering with buffers of its own. */
const slot = fc
  .record({ start: fc.integer({ min: 2 * dayMinutes, max: 5 * dayMinutes }), rules })
  .map(({ start, rules: { duration, before, after } }) => ({ from: start - before, to: start + duration + after }));

const calendar = fc.record({
  hours: week,
  closed: fc.option(fc.constantFrom(-1, 0, 1), { freq: 2 }),
  taken: fc.array(fc.oneof(busy, slot), { maxLength: 6 }),
});

const asked = fc
  .record({
    from: fc.integer({ min: 2.5 * dayMinutes, max: 4.5 * dayMinutes }),
    length: often(fc.constantFrom(1, 240, dayMinutes), fc.nat(2 * dayMinutes)),
  })
  .map(({ from, length }) => ({ from, to: Math.min(from + length, 5 * dayMinutes) }));

export const anyCase: fc.Arbitrary<Case> = fc
  .record({
    place: fc.constantFrom(...places),
    calendars: fc.array(calendar, { minLength: 1, maxLength: 3 }),
    rules,
    notice: often(fc.constantFrom(0, 120), fc.nat(2 * dayMinutes)),
    horizonDays: often(fc.constant(60), fc.integer({ min: 1, max: 3 })),
    now: fc.integer({ min: 1.5 * dayMinutes * 60_000, max: 3.5 * dayMinutes * 60_000 }),
    asked: fc.array(asked, { minLength: 1, maxLength: 3 }),
  })
  .map(({ place: { timeZone, date }, calendars, now, asked, ...others }) => {
    const midnight = Date.parse(`${date}T00:00Z`);
    const first = midnight / 60_000 - 3 * dayMinutes;
    const absolute = (span: { from: number; to: number }) => ({ from: first + span.from, to: first + span.to });
    const dateAfter = (days: number) => new Date(midnight + days * dayMinutes * 60_000).toISOString().slice(0, 10);
    return {
      ...others,
      ...{ timeZone, first, now: first * 60_000 + now, asked: asked.map(absolute) },
      calendars: calendars.map(({ hours, closed, taken }) => ({
        ...{ hours, closed: closed === null ? [] : [dateAfter(closed)], taken: taken.map(absolute) },
      })),
    };
  });
