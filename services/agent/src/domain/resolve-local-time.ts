import { DateTime, IANAZone } from "luxon";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

export type ResolvedTime = { instant: Date; kind: "exact" | "gap" | "ambiguous" };

/**
 * The instant of a wall-clock time in a zone. `date` is `YYYY-MM-DD`, `time` is `HH:mm` (`24:00` is the end of the day).
 *
 * A time the clocks skip ("gap") is moved forward by the length of the gap: 02:30 becomes 03:30. A time that occurs
 * twice ("ambiguous") is the first of the two. Throws RangeError on an unknown zone or a malformed date or time.
 */
export function resolveLocal(local: { date: string; time: string; timeZone: string }): ResolvedTime {
  const zone = IANAZone.create(local.timeZone);
  const wall = DateTime.fromISO(`${local.date}T${local.time}`, { zone: "utc" });
  if (!zone.isValid || !wall.isValid) {
    throw new RangeError(`not a local time: ${local.date} ${local.time} ${local.timeZone}`);
  }
  // The offset in force at this wall-clock time is the one of the day before or the one of the day after.
  const wallMs = wall.toMillis();
  const before = zone.offset(wallMs - DAY_MS) * MINUTE_MS;
  const after = zone.offset(wallMs + DAY_MS) * MINUTE_MS;
  const real = [...new Set([wallMs - before, wallMs - after])].filter(
    (ms) => ms + zone.offset(ms) * MINUTE_MS === wallMs,
  );
  if (real.length === 0) return { instant: new Date(wallMs - before), kind: "gap" };
  return { instant: new Date(Math.min(...real)), kind: real.length === 2 ? "ambiguous" : "exact" };
}

/** The wall clock of an instant in a zone: `{ date: "YYYY-MM-DD", time: "HH:mm" }`. */
export function toLocal(instant: Date, timeZone: string): { date: string; time: string } {
  const local = DateTime.fromJSDate(instant, { zone: timeZone });
  return { date: local.toFormat("yyyy-MM-dd"), time: local.toFormat("HH:mm") };
}

/** Calendar arithmetic on local dates, which no clock change can disturb. */
export function addDays(date: string, days: number): string {
  return DateTime.fromISO(date, { zone: "utc" }).plus({ days }).toFormat("yyyy-MM-dd");
}
