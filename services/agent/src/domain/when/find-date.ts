import { addDays } from "../resolve-local-time.ts";
import type { DateRange, WhenDate } from "../when.ts";
import { findCalendarDate } from "./find-calendar-date.ts";
import * as days from "./local-dates.ts";
import * as words from "./when-words.ts";

export type FoundDate = {
  date: WhenDate;
  /** Today's weekday was named: a week later if the hour is over. */
  elseWeekLater: boolean;
};

export type DateContext = {
  /** Local date `YYYY-MM-DD`. */
  today: string;
  dayFirst: boolean;
  /** What was spoken of before: a weekday narrows a range of it, "the 16th" is of its month. */
  previous?: WhenDate | undefined;
  /** The text corrects `previous`: "actually Friday" is the Friday of that week. */
  corrects: boolean;
};

type Said = (string | undefined)[];
type Rule = [RegExp, (said: Said, ctx: DateContext) => WhenDate | undefined];

const DAY = `(${words.WEEKDAY})`;
const SPAN = `(?:-|to|through|thru|until|till?|and)`;
// "After Friday" has no end of its own; whoever searches stops at the horizon, at the latest here.
const OPEN_ENDED_DAYS = 28;

/** First match wins. */
const RULES: Rule[] = [
  [
    new RegExp(String.raw`\b(an?|\d{1,2}) weeks? (?:from|after) (?:${DAY}|(today|tomorrow))`),
    ([, count, day, near], { today }) => {
      const start = day ? days.onOrAfter(today, day) : addDays(today, near === "tomorrow" ? 1 : 0);
      return addDays(start, 7 * (Number(count) || 1));
    },
  ],
  [new RegExp(String.raw`\b${DAY} week\b`), ([, day = ""], { today }) => addDays(days.onOrAfter(today, day), 7)],
  ...words.RELATIVE_DAYS.map(([pattern, count]): Rule => [pattern, (_, { today }) => addDays(today, count)]),
  [
    new RegExp(String.raw`\b(\d{1,2})(?:st|nd|rd|th) ?${SPAN} ?(?:the )?(\d{1,2})(?:st|nd|rd|th)\b`),
    ([, first, last], ctx) => {
      const from = nthDay(Number(first), ctx);
      const to = from && nthDay(Number(last), { ...ctx, today: from, previous: from });
      return to && { from, to };
    },
  ],
  [
    /\b(\d{1,2})(?:st|nd|rd|th)\b(?: of (this|next) month)?/,
    ([, day, month], ctx) =>
      month ? days.dayOfMonth(ctx.today, Number(day), month === "next" ? 1 : 0) : nthDay(Number(day), ctx),
  ],
  [
    new RegExp(String.raw`\b(?:on the (\d{1,2})|the (1[3-9]|2\d|3[01]))(?=${words.AFTER_HOUR})`),
    ([, day, bigDay], ctx) => nthDay(Number(day ?? bigDay), ctx),
  ],
  [
    new RegExp(String.raw`\b(next )?${DAY} ?${SPAN} ?${DAY}`),
    ([, next, first = "", last = ""], { today }) => {
      const from = next ? days.inWeekOf(today, first, 1) : days.onOrAfter(today, first);
      return { from, to: days.onOrAfter(from, last) };
    },
  ],
  [
    new RegExp(String.raw`\b(next|this) week(?:'s)?,? (?:on )?${DAY}`),
    ([, which, day = ""], { today }) => days.inWeekOf(today, day, which === "next" ? 1 : 0),
  ],
  [
    new RegExp(String.raw`\b${DAY},? (?:of )?(next|this) week\b`),
    ([, day = "", which], { today }) => days.inWeekOf(today, day, which === "next" ? 1 : 0),
  ],
  [new RegExp(String.raw`\b${DAY} after next\b`), ([, day = ""], { today }) => days.inWeekOf(today, day, 2)],
  [new RegExp(String.raw`\blast ${DAY}`), ([, day = ""], { today }) => addDays(days.onOrAfter(today, day), -7)],
  // The weekday of the following calendar week, whatever today is.
  [new RegExp(String.raw`\bnext ${DAY}`), ([, day = ""], { today }) => days.inWeekOf(today, day, 1)],
  [new RegExp(String.raw`\b(?:this|coming) ${DAY}`), ([, day = ""], { today }) => days.onOrAfter(today, day)],
  [new RegExp(String.raw`\b${DAY}`), ([, day = ""], ctx) => plainWeekday(day, ctx)],
  [
    /\b(?:within|in|over|during)? ?(?:the )?(?:next|within) (\d{1,2}|an?|few|couple(?: of)?) (days?|weeks?)\b/,
    ([, count = "", unit = ""], { today }) => {
      const many = Number(count) || (count.startsWith("a") ? 1 : count === "few" ? 3 : 2);
      return { from: today, to: addDays(today, many * (unit.startsWith("week") ? 7 : 1)) };
    },
  ],
  [/\bweek after next\b/, (_, { today }) => weekOf(addDays(today, 14), undefined, today)],
  [
    /\b(?:(early|beginning of|start of|mid|middle of|late|end of|later|rest of)[ -]?)?(?:in )?(?:the )?(?:(next|following|this|coming|last) )?week\b/,
    ([, part, which], { today }) => {
      if (!part && !which) return undefined;
      const shift = which === "next" || which === "following" ? 7 : which === "last" ? -7 : 0;
      return weekOf(addDays(today, shift), part, today);
    },
  ],
  [
    /\b(?:(next|last) )?weekends?\b/,
    ([, which], { today }) => {
      const saturday = addDays(days.mondayOf(today), 5 + (which === "next" ? 7 : which === "last" ? -7 : 0));
      return startingToday({ from: saturday, to: addDays(saturday, 1) }, today);
    },
  ],
  [
    /\b(?:(end of) )?(?:the )?(?:(this|next|last) )?month\b/,
    ([, end, which], { today }) => {
      if (!end && !which) return undefined;
      const month = days.monthOf(today, which === "next" ? 1 : which === "last" ? -1 : 0);
      return startingToday(end ? { from: addDays(month.to, -6), to: month.to } : month, today);
    },
  ],
];

/** The date, or range of dates, that normalised text (without its time of day) speaks of. */
export function findDate(text: string, ctx: DateContext): FoundDate | undefined {
  const calendar = findCalendarDate(text, ctx.today, ctx.dayFirst);
  if (calendar) return { date: bounded(calendar.date, text.slice(0, calendar.index), ctx.today), elseWeekLater: false };
  for (const [pattern, read] of RULES) {
    const match = pattern.exec(text);
    const date = match && read([...match], ctx);
    if (!date) continue;
    const elseWeekLater = date === ctx.today && new RegExp(words.WEEKDAY).test(match[0]);
    return { date: bounded(date, text.slice(0, match.index), ctx.today), elseWeekLater };
  }
  return undefined;
}

/** "before Friday", "by the 15th", "after tomorrow", "the week of Jan 15". */
function bounded(date: WhenDate, before: string, today: string): WhenDate {
  const bound = words.DATE_BOUND.exec(before)?.[1];
  const { from, to } = days.asRange(date);
  if (bound === "before") return startingToday({ from: addDays(from, -1), to: addDays(from, -1) }, today, true);
  if (bound === "by") return startingToday({ from: to, to }, today, true);
  if (bound === "after") return { from: addDays(to, 1), to: addDays(to, OPEN_ENDED_DAYS) };
  if (bound) return startingToday({ from: days.mondayOf(from), to: addDays(days.mondayOf(from), 6) }, today);
  return date;
}

/** Begins at today where the range has begun before it, or where `always`; a range that is over stays as it is. */
function startingToday(range: DateRange, today: string, always = false): DateRange {
  return range.to >= today && (always || range.from < today) ? { from: today, to: range.to } : range;
}

function plainWeekday(name: string, { today, previous, corrects }: DateContext): string {
  const coming = days.onOrAfter(today, name);
  if (!previous) return coming;
  if (typeof previous === "string") {
    const sameWeek = days.inWeekOf(previous, name);
    return corrects && sameWeek >= today ? sameWeek : coming;
  }
  const narrowed = days.onOrAfter(previous.from, name);
  return narrowed >= today && narrowed <= previous.to ? narrowed : coming;
}

/** The first such day from today on, looked for from the month spoken of before. */
function nthDay(day: number, { today, previous }: DateContext): string | undefined {
  const base = previous ? days.asRange(previous).from : today;
  for (let months = 0; months <= 12; months++) {
    const date = days.dayOfMonth(base > today ? base : today, day, months);
    if (date && date >= today) return date;
  }
  return undefined;
}

function weekOf(date: string, part: string | undefined, today: string): DateRange {
  const monday = days.mondayOf(date);
  const [first, last] = words.WEEK_PARTS.find(([pattern]) => pattern.test(part ?? ""))?.[1] ?? [0, 6];
  return startingToday({ from: addDays(monday, first), to: addDays(monday, last) }, today);
}
