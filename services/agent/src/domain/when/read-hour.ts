import type { TimeWindow } from "../when.ts";

/** A time of day as said; without `half` the hour may be morning or evening. */
export type Clock = { hour: number; minute: number; half?: "am" | "pm" | undefined };

/** What helps to tell morning from evening, strongest first. */
export type HourHints = {
  /** "in the morning", "tonight". */
  half?: "am" | "pm" | undefined;
  /** The window spoken of before ("Thursday afternoon" … "at 3"). */
  previous?: TimeWindow | undefined;
  /** The business's hours on that day, or on any day while the day is unknown. */
  open: TimeWindow[];
};

const HALF_DAY = 12 * 60;

/** `HH:mm` of minutes since midnight. */
export function formatMinutes(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
}

/** Minutes since midnight of `HH:mm`. */
export function parseMinutes(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
}

/** Both readings of a clock in minutes, earlier first; only one where it was said which, or in 24 hours. */
function readings(clock: Clock): number[] {
  const { hour, minute, half } = clock;
  if (hour > 12 || hour === 0) return [hour * 60 + minute];
  const am = (hour % 12) * 60 + minute;
  if (half) return [half === "am" ? am : am + HALF_DAY];
  return [am, am + HALF_DAY];
}

const inside = (minutes: number, windows: TimeWindow[]) =>
  windows.some((w) => parseMinutes(w.from) <= minutes && minutes < parseMinutes(w.to));

/** Minutes since midnight. Where nothing decides, 7–11 is morning and 12–6 afternoon. */
export function readHour(clock: Clock, hints: HourHints): number {
  const said = clock.half ?? hints.half;
  const [early, late] = readings({ ...clock, half: said });
  if (early === undefined) throw new RangeError("a clock has a reading");
  if (late === undefined) return early;
  for (const windows of [hints.previous ? [hints.previous] : [], hints.open]) {
    const isEarly = inside(early, windows);
    if (isEarly !== inside(late, windows)) return isEarly ? early : late;
  }
  return clock.hour >= 7 && clock.hour <= 11 ? early : late;
}

/** A window between two clocks, each helping to read the other: "11-1pm", "10-2", "2-4pm". */
export function readWindow(from: Clock, to: Clock, hints: HourHints): TimeWindow {
  const end = to.half ? readHour(to, hints) : undefined;
  const start =
    end !== undefined && !from.half
      ? // The latest start before the end: 2-4pm begins at 2pm, 11-1pm at 11am.
        (readings(from).findLast((minutes) => minutes < end) ?? readHour(from, hints))
      : readHour(from, hints);
  const stop = end ?? readings(to).find((minutes) => minutes > start) ?? 0;
  return { from: formatMinutes(start), to: stop > start ? formatMinutes(stop) : "24:00" };
}
