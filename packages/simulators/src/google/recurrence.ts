import ICAL from "ical.js";
import { DateTime } from "luxon";
import { type EventTime, instantOf } from "./event-time.ts";
import { GoogleRefusal } from "./refusal.ts";

/** A recurring event's lines of `recurrence` (RFC 5545) and its first start. */
export type Series = { lines: string[]; start: EventTime };

const MOST_STARTS = 5_000;
const LOCAL = "yyyy-MM-dd'T'HH:mm:ss";

/**
 * Checks the lines of `recurrence`.
 * @throws GoogleRefusal 400
 */
export function checkSeries({ lines, start }: Series): void {
  if (lines.length === 0) return;
  if (start.kind === "instant" && start.timeZone === undefined) {
    throw new GoogleRefusal(400, "required", "Missing time zone definition for start time.");
  }
  try {
    if (lines.some((line) => !/^(RRULE|EXDATE|RDATE)[:;]/.test(line))) throw new Error("an unknown property");
    for (const line of lines.filter(isRule)) ICAL.Recur.fromString(ruleOf(line));
  } catch {
    throw new GoogleRefusal(400, "invalid", "Invalid recurrence rule.");
  }
}

/** The starts before `until` (milliseconds since the epoch), in order, without those that EXDATE takes out. */
export function startsOf({ lines, start }: Series, calendarZone: string, until: number): EventTime[] {
  const zone = start.kind === "instant" ? (start.timeZone ?? calendarZone) : calendarZone;
  const found = new Map<number, EventTime>();
  const add = (local: string): number => {
    const time = fromLocal(local, start, zone);
    const at = instantOf(time, calendarZone);
    if (at < until) found.set(at, time);
    return at;
  };
  if (!lines.some(isRule)) add(localOf(start, zone));
  for (const line of lines.filter(isRule)) {
    const next = readRule(line, zone).iterator(readLocal(localOf(start, zone)));
    for (let time = next.next(); time && found.size < MOST_STARTS; time = next.next()) {
      if (add(time.toString()) >= until) break;
    }
  }
  for (const local of datesOf(lines, "RDATE", zone)) add(local);
  for (const local of datesOf(lines, "EXDATE", zone)) {
    found.delete(instantOf(fromLocal(local, start, zone), calendarZone));
  }
  return [...found].sort(([a], [b]) => a - b).map(([, time]) => time);
}

function isRule(line: string): boolean {
  return line.startsWith("RRULE");
}

function ruleOf(line: string): string {
  return line.slice(line.indexOf(":") + 1);
}

/** A rule in local time, as it is expanded: its UNTIL is given in UTC. */
function readRule(line: string, zone: string): ICAL.Recur {
  const rule = ICAL.Recur.fromString(ruleOf(line));
  if (rule.until?.zone === ICAL.Timezone.utcTimezone) {
    rule.until = readLocal(DateTime.fromSeconds(rule.until.toUnixTime(), { zone }).toFormat(LOCAL));
  }
  return rule;
}

/** The values of a line as `EXDATE;TZID=Europe/Paris:20260309T140000,20260310T140000`, as local times of `zone`. */
function datesOf(lines: string[], name: string, zone: string): string[] {
  return lines.flatMap((line) => {
    const [, parameters = "", values = ""] = new RegExp(`^${name}((?:;[^:]*)?):(.+)$`).exec(line) ?? [];
    const given = /TZID=([^;]+)/.exec(parameters)?.[1] ?? zone;
    return values.split(",").flatMap((value) => {
      if (value === "") return [];
      const at = DateTime.fromISO(value, { zone: value.endsWith("Z") ? "utc" : given });
      return /^\d{8}$/.test(value) ? [at.toFormat("yyyy-MM-dd")] : [at.setZone(zone).toFormat(LOCAL)];
    });
  });
}

function readLocal(local: string): ICAL.Time {
  return local.includes("T") ? ICAL.Time.fromDateTimeString(local) : ICAL.Time.fromDateString(local);
}

function localOf(time: EventTime, zone: string): string {
  return time.kind === "date" ? time.date : DateTime.fromMillis(time.at, { zone }).toFormat(LOCAL);
}

function fromLocal(local: string, like: EventTime, zone: string): EventTime {
  if (like.kind === "date") return { kind: "date", date: local.slice(0, 10) };
  return { ...like, at: DateTime.fromISO(local, { zone }).toMillis() };
}
