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

type SlotRules = Omit<OpeningRules, "slotStepMinutes">;

/** A calendar's time put in order, to be asked for many slots. */
export interface CalendarTime {
  /** Ascending; `openTo` is where work ends that goes on past the window, as it does at midnight where the next day begins. */
  windows: (Span & { openTo: number })[];
  /** Ascending, none touching another. */
  blocked: Span[];
}

const minute = 60_000;
/** No window is longer than the longest local day: the one on which the clocks go back an hour. */
const longestWindow = 25 * 60 * minute;

/** @param windows working windows, each within one local day; their steps begin anew with each. @param blocked busy or held. */
export function calendarTime({ windows, blocked }: { windows: Span[]; blocked: Span[] }): CalendarTime {
  const runs = joined(windows);
  return {
    windows: windows
      .toSorted((a, b) => a.from - b.from)
      .map((window) => ({ ...window, openTo: runs[firstEndingAfter(runs, window.from)]?.to ?? window.to })),
    blocked: joined(blocked),
  };
}

/**
 * Free start times of one calendar, ascending: every step from the start of each working window where the whole duration
 * lies within working time and the duration with its buffers touches nothing blocked.
 * @param within starts lie in it.
 */
export function freeStarts({ windows, blocked }: CalendarTime, within: Span, rules: OpeningRules): number[] {
  const step = rules.slotStepMinutes * minute;
  const starts = new Set<number>();
  for (const window of windows) {
    const stepFrom = (earliest: number) => window.from + Math.max(0, Math.ceil((earliest - window.from) / step)) * step;
    const last = Math.min(window.to - 1, window.openTo - rules.durationMinutes * minute, within.to - 1);
    let start = stepFrom(within.from);
    if (start > last) continue;
    let next = firstEndingAfter(blocked, occupiedBy(start, rules).from);
    while (start <= last) {
      const slot = occupiedBy(start, rules);
      while ((blocked[next]?.to ?? Number.POSITIVE_INFINITY) <= slot.from) next++;
      const inTheWay = blocked[next];
      if (inTheWay && inTheWay.from < slot.to) {
        start = stepFrom(inTheWay.to + rules.bufferBeforeMinutes * minute);
      } else {
        starts.add(start);
        start += step;
      }
    }
  }
  return [...starts].sort((a, b) => a - b);
}

/** Whether a slot, whatever the step, lies within working time and touches nothing blocked. */
export function isOpenAt(start: number, { windows, blocked }: CalendarTime, rules: SlotRules): boolean {
  const end = start + rules.durationMinutes * minute;
  return (
    windows.some((window) => window.from <= start && start < window.to && end <= window.openTo) &&
    !touches(occupiedBy(start, rules), blocked)
  );
}

/** What a slot occupies: its duration with the buffers on either side. */
export function occupiedBy(start: number, rules: SlotRules): Span {
  return {
    from: start - rules.bufferBeforeMinutes * minute,
    to: start + (rules.durationMinutes + rules.bufferAfterMinutes) * minute,
  };
}

/** Whether a span shares any time with one of the others. */
export function touches(span: Span, others: Span[]): boolean {
  return others.some((other) => other.to > other.from && span.from < other.to && other.from < span.to);
}

/** What must be known of a calendar to tell the free starts in `asked`: windows from their beginning, and all that a slot may touch. */
export function neededAround(asked: Span, rules: SlotRules): Span {
  return {
    from: asked.from - Math.max(longestWindow, rules.bufferBeforeMinutes * minute),
    to: asked.to + (rules.durationMinutes + rules.bufferAfterMinutes) * minute,
  };
}

/** When a tenant takes bookings, seen from `now`: after the minimum notice, up to the horizon. */
export function bookableSpan(rules: { minNoticeMinutes: number; horizonDays: number } | undefined, now: number): Span {
  const { minNoticeMinutes, horizonDays } = rules ?? { minNoticeMinutes: 120, horizonDays: 60 };
  return { from: now + minNoticeMinutes * minute, to: now + horizonDays * 24 * 60 * minute };
}

/** The same time in spans that are ascending, not empty and apart. */
function joined(spans: Span[]): Span[] {
  const result: Span[] = [];
  for (const span of spans.filter(({ from, to }) => from < to).sort((a, b) => a.from - b.from)) {
    const last = result.at(-1);
    if (last && span.from <= last.to) last.to = Math.max(last.to, span.to);
    else result.push({ from: span.from, to: span.to });
  }
  return result;
}

/** Index of the first of these ascending spans that ends after `instant`; their number where none does. */
function firstEndingAfter(spans: Span[], instant: number): number {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((spans[middle]?.to ?? 0) > instant) high = middle;
    else low = middle + 1;
  }
  return low;
}
