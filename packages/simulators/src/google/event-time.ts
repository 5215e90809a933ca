import { DateTime, IANAZone } from "luxon";
import type { EventTimeInput } from "./event-body.ts";
import { GoogleRefusal } from "./refusal.ts";

/** A start or end: an instant (milliseconds, whole seconds) with the zone it was given in, or an all-day date. */
export type EventTime = { kind: "instant"; at: number; timeZone: string | undefined } | { kind: "date"; date: string };

/**
 * Reads a start or end.
 * @throws GoogleRefusal 400 when it is missing, malformed, or has neither offset nor zone
 */
export function readEventTime(input: EventTimeInput | null | undefined, which: "start" | "end"): EventTime {
  if (input?.date != null && input.dateTime != null) {
    throw new GoogleRefusal(400, "invalid", `Invalid ${which} time.`);
  }
  if (input?.date != null) {
    if (!DateTime.fromFormat(input.date, "yyyy-MM-dd").isValid) throw invalidTime(input.date);
    return { kind: "date", date: input.date };
  }
  if (input?.dateTime == null) throw new GoogleRefusal(400, "required", `Missing ${which} time.`);
  const timeZone = input.timeZone ?? undefined;
  if (timeZone !== undefined && !IANAZone.isValidZone(timeZone)) {
    throw new GoogleRefusal(400, "invalid", `Invalid time zone definition for ${which} time.`);
  }
  if (timeZone === undefined && !hasOffset(input.dateTime)) {
    throw new GoogleRefusal(400, "required", `Missing time zone definition for ${which} time.`);
  }
  const instant = DateTime.fromISO(input.dateTime, { zone: timeZone ?? "utc" });
  if (!instant.isValid) throw invalidTime(input.dateTime);
  return { kind: "instant", at: instant.startOf("second").toMillis(), timeZone };
}

/** Milliseconds since the epoch; an all-day date begins at midnight in the calendar's zone. */
export function instantOf(time: EventTime, calendarZone: string): number {
  return time.kind === "instant" ? time.at : DateTime.fromISO(time.date, { zone: calendarZone }).toMillis();
}

/** As the API shows it: in `zone`, with offset, without milliseconds. */
export function showEventTime(time: EventTime, zone: string): object {
  if (time.kind === "date") return { date: time.date };
  return { dateTime: showInstant(time.at, zone), timeZone: time.timeZone ?? zone };
}

/** RFC 3339 in `zone`, without milliseconds. */
export function showInstant(at: number, zone: string): string {
  return DateTime.fromMillis(at, { zone }).toISO({ suppressMilliseconds: true }) ?? new Date(at).toISOString();
}

/**
 * Reads a bound of a query; milliseconds are ignored, as Google does.
 * @throws GoogleRefusal 400 for anything but RFC 3339 with an offset
 */
export function readBound(text: string, name: string): number {
  const instant = DateTime.fromISO(text);
  if (!instant.isValid || !hasOffset(text)) {
    throw new GoogleRefusal(400, "badRequest", "Bad Request", { locationType: "parameter", location: name });
  }
  return instant.startOf("second").toMillis();
}

/**
 * Checks a query's `timeZone`.
 * @throws GoogleRefusal 400
 */
export function readZone(name: string | undefined): string | undefined {
  if (name === undefined || IANAZone.isValidZone(name)) return name;
  throw new GoogleRefusal(400, "invalid", "Invalid time zone.", { locationType: "parameter", location: "timeZone" });
}

function hasOffset(text: string): boolean {
  return /T.*(Z|[+-]\d{2}:?\d{2})$/i.test(text);
}

function invalidTime(text: string): GoogleRefusal {
  return new GoogleRefusal(400, "invalid", `Invalid value for: Invalid format: "${text}"`);
}
