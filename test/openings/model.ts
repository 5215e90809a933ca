/**
 * What may be booked, told minute by minute: a second opinion that shares nothing with the product. Wall clocks come from
 * Intl alone, and every question is answered by looking at all the minutes it is about. Instants are counted in minutes
 * since the epoch.
 */
export interface ModelCalendar {
  /** weekday 1 Monday … 7 Sunday; minutes since midnight, 1440 is its end. */
  hours: { weekday: number; from: number; to: number }[];
  /** "YYYY-MM-DD" */
  closed: string[];
  /** Busy times, and what others' slots occupy with their buffers. */
  taken: { from: number; to: number }[];
}

export interface ModelRules {
  duration: number;
  before: number;
  after: number;
  step: number;
  /** First and last minute a slot may begin in. */
  earliest: number;
  latest: number;
}

/** One local minute: its date, and how many minutes the wall clock shows since midnight. */
interface WallMinute {
  date: string;
  clock: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();
const quarters = new Map<string, WallMinute>();

/** The wall clock of a zone at a minute. Clocks are changed at quarters of an hour, so one look each quarter is enough. */
export function wallClock(minute: number, timeZone: string): WallMinute {
  const quarter = Math.floor(minute / 15) * 15;
  const key = `${timeZone} ${quarter}`;
  const known = quarters.get(key) ?? lookUp(quarter, timeZone);
  quarters.set(key, known);
  return { date: known.date, clock: known.clock + (minute - quarter) };
}

function lookUp(minute: number, timeZone: string): WallMinute {
  const format =
    formats.get(timeZone) ??
    new Intl.DateTimeFormat("en-US", {
      ...{ timeZone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit" },
      ...{ hour: "2-digit", minute: "2-digit" },
    });
  formats.set(timeZone, format);
  const parts = Object.fromEntries(format.formatToParts(minute * 60_000).map(({ type, value }) => [type, value]));
  return { date: `${parts.year}-${parts.month}-${parts.day}`, clock: Number(parts.hour) * 60 + Number(parts.minute) };
}

/** The minutes of one calendar, from `first` on. */
export interface Minutes {
  first: number;
  /** Whether somebody works then. */
  works: boolean[];
  /** Where the steps begin that a slot at this minute is counted from, if it may begin here at all. */
  stepsFrom: (number | undefined)[];
  taken: boolean[];
}

/** The dates of a zone in [first, end), and when the wall clock first reached or passed each minute of each. */
interface Timeline {
  dates: string[];
  reached: Map<string, number>;
}

const timelines = new Map<string, Timeline>();

function timelineOf(timeZone: string, first: number, end: number): Timeline {
  const key = `${timeZone} ${first} ${end}`;
  const known = timelines.get(key);
  if (known) return known;
  const reached = new Map<string, number>();
  const dates: string[] = [];
  for (let minute = first; minute < end; minute++) {
    const { date, clock } = wallClock(minute, timeZone);
    if (date !== dates.at(-1)) dates.push(date);
    for (let shown = clock; shown >= 0 && !reached.has(`${date} ${shown}`); shown--)
      reached.set(`${date} ${shown}`, minute);
  }
  timelines.set(key, { dates, reached });
  return { dates, reached };
}

/** Every minute of [first, end) looked at. The first and the last date are known in part only: nobody works then. */
export function minutesOf(calendar: ModelCalendar, timeZone: string, first: number, end: number): Minutes {
  const length = end - first;
  const works: boolean[] = new Array(length).fill(false);
  const taken: boolean[] = new Array(length).fill(false);
  const stepsFrom: (number | undefined)[] = new Array(length).fill(undefined);
  const { dates, reached } = timelineOf(timeZone, first, end);
  for (const [index, date] of dates.entries()) {
    const next = dates[index + 1];
    if (index === 0 || next === undefined || calendar.closed.includes(date)) continue;
    const at = (clock: number) => reached.get(`${date} ${clock}`) ?? reached.get(`${next} 0`) ?? Number.NaN;
    for (const [opens, closes] of openSpans(calendar, date)) {
      works.fill(true, at(opens) - first, at(closes) - first);
      stepsFrom.fill(at(opens), at(opens) - first, at(closes) - first);
    }
  }
  for (const span of calendar.taken) taken.fill(true, Math.max(0, span.from - first), Math.max(0, span.to - first));
  return { first, works, stepsFrom, taken };
}

/** From which to which minute of its wall clock a date is worked without a break. */
function openSpans(calendar: ModelCalendar, date: string): [number, number][] {
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay() || 7;
  const open: boolean[] = new Array(1441).fill(false);
  for (const span of calendar.hours) if (span.weekday === weekday) open.fill(true, span.from, span.to);
  const spans: [number, number][] = [];
  for (let clock = 0; clock < 1440; clock++) {
    if (!open[clock] || open[clock - 1]) continue;
    spans.push([clock, open.indexOf(false, clock)]);
  }
  return spans;
}

/** Whether a slot may begin at this minute, its step apart. */
export function isFree(
  minutes: Minutes,
  start: number,
  { duration, before, after }: Pick<ModelRules, "duration" | "before" | "after">,
): boolean {
  const all = (marks: boolean[], from: number, to: number, wanted: boolean) => {
    for (let minute = from; minute < to; minute++) if (marks[minute - minutes.first] !== wanted) return false;
    return true;
  };
  return (
    all(minutes.works, start, start + duration, true) &&
    all(minutes.taken, start - before, start + duration + after, false)
  );
}

/** Every minute of [from, to) at which the tenant could be booked. */
export function openMinutes(minutes: Minutes, asked: { from: number; to: number }, rules: ModelRules): number[] {
  const found: number[] = [];
  for (let start = asked.from; start < asked.to; start++) {
    const stepsFrom = minutes.stepsFrom[start - minutes.first];
    if (start < rules.earliest || start > rules.latest || stepsFrom === undefined) continue;
    if ((start - stepsFrom) % rules.step === 0 && isFree(minutes, start, rules)) found.push(start);
  }
  return found;
}
