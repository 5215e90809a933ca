import { z } from "zod";

const localDate = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const localTime = z.string().regex(/^\d{2}:\d{2}$/);

/**
 * What a customer said about when, in the tenant's zone. Plain JSON: it is kept in the conversation's state.
 *
 * - `date`: one local date `YYYY-MM-DD`, or a range with both ends included; absent when only a time was said.
 * - `time`: an exact local time `HH:mm` (24 hours), or a window whose `to` is excluded and may be `24:00`; absent when
 *   any time of the day will do.
 * - `approx`: the exact time was "around" that; one hour either side will do.
 * - `soonest`: the earliest opening is wanted ("asap"), within `date` and `time` where they are given.
 * - `past`: what was asked for is over. Say so; it can't be booked.
 * - `nonexistent`: the local time asked for, which the clocks skip on that day; `time` is then the moved one.
 */
export const whenSchema = z.object({
  date: z.union([localDate, z.object({ from: localDate, to: localDate })]).optional(),
  time: z.union([localTime, z.object({ from: localTime, to: localTime })]).optional(),
  approx: z.literal(true).optional(),
  soonest: z.literal(true).optional(),
  past: z.literal(true).optional(),
  nonexistent: localTime.optional(),
});

export type When = z.infer<typeof whenSchema>;
export type WhenDate = NonNullable<When["date"]>;
export type WhenTime = NonNullable<When["time"]>;
export type DateRange = Exclude<WhenDate, string>;
export type TimeWindow = Exclude<WhenTime, string>;

export type Weekday = "mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun";

/** Opening hours per weekday, the union over all calendars; local `HH:mm`, `to` excluded. */
export type WorkingHours = Partial<Record<Weekday, TimeWindow[]>>;

export type WhenContext = {
  now: Date;
  /** IANA name. */
  timeZone: string;
  /** Decides whether "at 8" is morning or evening. */
  workingHours?: WorkingHours | undefined;
  /** What was said before: a new date keeps its time of day, a new time keeps its date. */
  previous?: When | undefined;
  /** The question asked was "what time?", so that a bare "3" is an hour and not the third choice of a list. */
  expectTime?: boolean | undefined;
  /** Read 1/2 as 1 February. */
  dayFirst?: boolean | undefined;
};
