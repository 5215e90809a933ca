import type { CalendarAvailability, TimeRange } from "@bookproof/proto/calendar";
import type { Span } from "../domain/openings.ts";

/** A calendar's working and busy time as the domain reckons with it. */
export function calendarSpans(calendar: CalendarAvailability): { windows: Span[]; busy: Span[] } {
  return {
    windows: calendar.windows.flatMap(spanOf),
    busy: calendar.busy.flatMap((busy) => spanOf(busy.range)),
  };
}

const spanOf = (range: TimeRange | undefined): Span[] =>
  range?.from && range.to ? [{ from: range.from.getTime(), to: range.to.getTime() }] : [];
