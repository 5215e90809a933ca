import { DateTime } from "luxon";

/** Half open [from, to), milliseconds since the epoch. */
export interface Span {
  from: number;
  to: number;
}

/** What an opening must fit: durations and limits in minutes. */
export interface OpeningRules {
  durationMinutes: number;
  bufferBeforeMinutes: number;
  bufferAfterMinutes: number;
  slotStepMinutes: number;
}

const minute = 60_000;

/**
 * Free start times of one calendar, ascending: every step from the start of each working window where the whole duration
 * lies within the window and the duration with its buffers touches nothing blocked.
 * @param within starts lie in these spans.
 */
export function freeStarts(options: { windows: Span[]; blocked: Span[]; within: Span; rules: OpeningRules }): number[] {
  const { within, rules, blocked } = options;
  const starts: number[] = [];
  for (const window of options.windows) {
    const lastStart = Math.min(window.to - rules.durationMinutes * minute, within.to - 1);
    const steps = Math.max(0, Math.ceil((within.from - window.from) / (rules.slotStepMinutes * minute)));
    for (
      let start = window.from + steps * rules.slotStepMinutes * minute;
      start <= lastStart;
      start += rules.slotStepMinutes * minute
    ) {
      if (!touches(occupiedBy(start, rules), blocked)) starts.push(start);
    }
  }
  return [...new Set(starts)].sort((a, b) => a - b);
}

/** What a slot occupies: its duration with the buffers on either side. */
export function occupiedBy(start: number, rules: Omit<OpeningRules, "slotStepMinutes">): Span {
  return {
    from: start - rules.bufferBeforeMinutes * minute,
    to: start + (rules.durationMinutes + rules.bufferAfterMinutes) * minute,
  };
}

/** Whether a span shares any time with one of the others. */
export function touches(span: Span, others: Span[]): boolean {
  return others.some((other) => other.to > other.from && span.from < other.to && other.from < span.to);
}

/** Whether a slot, whatever the step, lies within one of the working windows and touches nothing busy. */
export function isOpenAt(
  start: number,
  calendar: { windows: Span[]; busy: Span[] },
  rules: Omit<OpeningRules, "slotStepMinutes">,
): boolean {
  const end = start + rules.durationMinutes * minute;
  return (
    calendar.windows.some((window) => window.from <= start && end <= window.to) &&
    !touches(occupiedBy(start, rules), calendar.busy)
  );
}

/** When a tenant takes bookings, seen from `now`: after the minimum notice, up to the horizon. */
export function bookableSpan(rules: { minNoticeMinutes: number; horizonDays: number } | undefined, now: number): Span {
  const { minNoticeMinutes, horizonDays } = rules ?? { minNoticeMinutes: 120, horizonDays: 60 };
  return { from: now + minNoticeMinutes * minute, to: now + horizonDays * 24 * 60 * minute };
}

/**
 * Up to `limit` of the candidates that do not overlap each other, spread over the time they cover: with more free than
 * wanted, the customer sees morning and afternoon rather than three neighbours.
 */
export function spreadChoice<T extends { start: number }>(
  candidates: T[],
  durationMinutes: number,
  limit: number,
): T[] {
  const apart: T[] = [];
  for (const candidate of candidates) {
    const last = apart.at(-1);
    if (!last || candidate.start >= last.start + durationMinutes * minute) apart.push(candidate);
  }
  if (apart.length <= limit) return apart;
  if (limit === 1) return apart.slice(0, 1);
  const chosen = new Set(
    Array.from({ length: limit }, (_, index) => Math.round((index * (apart.length - 1)) / (limit - 1))),
  );
  return apart.filter((_, index) => chosen.has(index));
}

/** A span cut at the tenant's midnights, so that "the next opening" is on the next day that has one. @param timeZone IANA. */
export function splitByLocalDay(span: Span, timeZone: string): Span[] {
  const days: Span[] = [];
  for (let from = span.from; from < span.to; ) {
    const nextDay = DateTime.fromMillis(from, { zone: timeZone }).plus({ days: 1 }).startOf("day").toMillis();
    days.push({ from, to: Math.min(nextDay, span.to) });
    from = nextDay;
  }
  return days;
}
