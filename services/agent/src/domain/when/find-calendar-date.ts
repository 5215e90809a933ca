import { en, type ParsedComponents, type ParsedResult } from "chrono-node";
import { DateTime } from "luxon";
import type { WhenDate } from "../when.ts";
import { monthOf } from "./local-dates.ts";
import { BEFORE_MONTH, COUNTED_FROM_NOW, COUNTED_UNITS } from "./when-words.ts";

/** A date or range of dates and where in the text it stands. */
export type Located = { date: WhenDate; index: number };

/**
 * Dates that chrono reads: "Jan 15-17", "15th of January", "1/15", "2027-01-15", "in 3 days", "in January".
 * A date without its year is the next such day from `today` on.
 */
export function findCalendarDate(text: string, today: string, dayFirst: boolean): Located | undefined {
  // Noon in UTC: only the calendar is asked of chrono, whose clock is an hour wrong across a change of offset.
  const reference = { instant: new Date(`${today}T12:00:00Z`), timezone: 0 };
  for (const result of (dayFirst ? en.GB : en.casual).parse(text, reference)) {
    const date = readResult(result, text, today);
    if (date) return { date, index: result.index };
  }
  return undefined;
}

function readResult(result: ParsedResult, text: string, today: string): WhenDate | undefined {
  const { start, end } = result;
  if (COUNTED_FROM_NOW.test(result.text)) return toDate(start, start.get("year") ?? 0);
  if (COUNTED_UNITS.test(result.text) || !start.isCertain("month")) return undefined;
  if (!start.isCertain("day")) return isMonth(result, text) ? readMonth(start, today) : undefined;
  // Without a digit: an ordinal after a month's name, or a word for a day ("today"), which find-date.ts reads.
  if (!/\d/.test(result.text) && start.isCertain("year")) return undefined;
  const from = next(start, today);
  const to = end?.isCertain("day") && from ? next(end, from) : undefined;
  return from && to ? { from, to } : from;
}

function isMonth({ text: said, index, start }: ParsedResult, text: string): boolean {
  const alone = said.length === text.replace(/[^a-z0-9]+$/, "").length;
  return alone || start.isCertain("year") || BEFORE_MONTH.test(text.slice(0, index));
}

function toDate(parts: ParsedComponents, year: number): string | undefined {
  const date = DateTime.utc(year, parts.get("month") ?? 0, parts.get("day") ?? 0);
  return date.isValid ? date.toFormat("yyyy-MM-dd") : undefined;
}

/** The said year, or the first one that does not put the date before `earliest`. */
function next(parts: ParsedComponents, earliest: string): string | undefined {
  if (parts.isCertain("year")) return toDate(parts, parts.get("year") ?? 0);
  const year = Number(earliest.slice(0, 4));
  const date = toDate(parts, year);
  return date && date >= earliest ? date : toDate(parts, year + 1);
}

function readMonth(parts: ParsedComponents, today: string): WhenDate {
  const month = String(parts.get("month")).padStart(2, "0");
  const thisYear = Number(today.slice(0, 4));
  const later = month < today.slice(5, 7) ? thisYear + 1 : thisYear;
  const range = monthOf(`${parts.isCertain("year") ? parts.get("year") : later}-${month}-01`);
  return { from: range.from < today && range.to >= today ? today : range.from, to: range.to };
}
