import { DateTime, IANAZone } from "luxon";
import type { Span } from "./openings.ts";

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/** A span cut at the tenant's midnights, so that "the next opening" is on the next day that has one. @param timeZone IANA. */
export function splitByLocalDay(span: Span, timeZone: string): Span[] {
  const zone = IANAZone.create(timeZone);
  const days: Span[] = [];
  for (let from = span.from; from < span.to; ) {
    const offset = zone.offset(from);
    const midnight = from + dayMs - ((from + offset * minuteMs) % dayMs);
    // Only where the clocks change before it is it not midnight: a search cuts sixty days, and luxon takes its time.
    const to = zone.offset(midnight) === offset ? midnight : localDayOf(from, timeZone).to;
    days.push({ from, to: Math.min(to, span.to) });
    from = to;
  }
  return days;
}

/** The local day an instant lies in, from its first moment to the next day's. @param timeZone IANA. */
export function localDayOf(instant: number, timeZone: string): Span {
  return localSpan(instant, timeZone, "day");
}

/** The local ISO week, Monday to Sunday, an instant lies in. @param timeZone IANA. */
export function localWeekOf(instant: number, timeZone: string): Span {
  return localSpan(instant, timeZone, "week");
}

function localSpan(instant: number, timeZone: string, unit: "day" | "week"): Span {
  // From its beginning: the same hour of the next day may be one that the clocks skip, past that day's end.
  const start = DateTime.fromMillis(instant, { zone: timeZone }).startOf(unit);
  return { from: firstPassing(start), to: firstPassing(start.plus({ [`${unit}s`]: 1 }).startOf(unit)) };
}

/** Where the clocks go back to midnight it comes twice, and luxon takes the second. */
function firstPassing(midnight: DateTime): number {
  const before = midnight.minus(1);
  const repeated = before.hasSame(midnight, "day") ? before.offset - midnight.offset : 0;
  return midnight.toMillis() - repeated * minuteMs;
}
