import { type CalendarTime, freeStarts, type OpeningRules, type Span } from "./openings.ts";

const minute = 60_000;
const dayMs = 24 * 60 * minute;

/**
 * Adds free starts to those chosen so far, until there are `limit`: day by day in the order asked for, so that a later day
 * only fills up what an earlier one left, and none overlapping another. A time is free where it is on one of the calendars.
 */
export function chooseOpenings(
  chosen: readonly number[],
  days: Span[],
  known: { calendars: CalendarTime[]; rules: OpeningRules; limit: number },
): number[] {
  const { calendars, rules, limit } = known;
  const durationMs = rules.durationMinutes * minute;
  const result = [...chosen];
  for (const day of days) {
    if (result.length >= limit) break;
    const starts = new Set(calendars.flatMap((calendar) => freeStarts(calendar, day, rules)));
    const apart = [...starts]
      .sort((a, b) => a - b)
      .filter((start) => result.every((other) => Math.abs(other - start) >= durationMs));
    result.push(...spreadChoice(apart, rules.durationMinutes, limit - result.length));
  }
  return result;
}

/**
 * Up to `limit` of the starts, ascending, that do not overlap each other, spread over the time they cover: with more free
 * than wanted, the customer sees morning and afternoon rather than three neighbours.
 */
export function spreadChoice(starts: number[], durationMinutes: number, limit: number): number[] {
  const apart: number[] = [];
  for (const start of starts) {
    const last = apart.at(-1);
    if (last === undefined || start >= last + durationMinutes * minute) apart.push(start);
  }
  if (apart.length <= limit) return apart;
  if (limit === 1) return apart.slice(0, 1);
  const wanted = new Set(
    Array.from({ length: limit }, (_, index) => Math.round((index * (apart.length - 1)) / (limit - 1))),
  );
  return apart.filter((_, index) => wanted.has(index));
}

/** Most searches end within a week. One that does not is through two months with the second part. */
const firstDays = 7;
const growth = 8;
/** What the calendar service reads at once is 400 days, with what is needed around a part. */
const longestPart = 390 * dayMs;

/** The days in the parts they are searched in, one after the other: what is not needed is not read. */
export function searchParts(days: Span[]): Span[][] {
  const parts: Span[][] = [];
  let most = firstDays;
  for (const day of days) {
    const part = parts.at(-1);
    const grown = hullOf([...(part ?? []), day]);
    if (part && part.length < most && grown.to - grown.from <= longestPart) {
      part.push(day);
    } else {
      if (part) most *= growth;
      parts.push([day]);
    }
  }
  return parts;
}

/** The one span from the earliest beginning to the latest end. */
export function hullOf(spans: Span[]): Span {
  return { from: Math.min(...spans.map(({ from }) => from)), to: Math.max(...spans.map(({ to }) => to)) };
}
