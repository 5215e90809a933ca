import { toLocal } from "./resolve-local-time.ts";
import { findDate } from "./when/find-date.ts";
import { type FoundTime, findTime } from "./when/find-time.ts";
import { looksLikeName, normaliseWhenText } from "./when/normalise-when-text.ts";
import { openOn, readTime } from "./when/read-time.ts";
import { settleWhen } from "./when/settle-when.ts";
import { ANY, CORRECTION, INSTEAD, SOONEST } from "./when/when-words.ts";
import type { When, WhenContext, WhenDate } from "./when.ts";

// Numbers up to this may be a choice among the openings offered.
const MOST_CHOICES = 5;

/**
 * Reads when an appointment is wanted from a customer's message; undefined where it says nothing of a day or time.
 *
 * The reading looks forward: a day without its year is the next one, a weekday's name is the coming one (today's own
 * name is today while the hour asked for is ahead), and "next Tuesday" is the Tuesday of the following calendar week
 * (weeks begin on Monday). What is over all the same ("yesterday", "today at 9" said at noon) has `past`. An hour
 * without am or pm is read by the part of the day said, then by what was said before, then by the working hours; else
 * 7–11 is morning and 12–6 afternoon. With `previous`, a new date keeps the time and a new time keeps the date.
 *
 * A bare number of 1–5 is an hour only with `expectTime` or a word of correction ("3 instead"), and any bare number
 * only while a date is known from before. Of several days ("Friday or Saturday") the first
 * is taken. Where openings are on offer, look for a choice among them first.
 */
export function understandWhen(text: string, ctx: WhenContext): When | undefined {
  if (looksLikeName(text)) return undefined;
  let said: When | undefined;
  // "Friday at 3, actually make it 4": each correction changes what stood before it.
  for (const [i, part] of normaliseWhenText(text).split(CORRECTION).entries()) {
    const corrects = i > 0 || INSTEAD.test(part);
    said = understandPart(part, { ...ctx, previous: said ?? ctx.previous }, corrects) ?? said;
  }
  return said;
}

function understandPart(text: string, ctx: WhenContext, corrects: boolean): When | undefined {
  const today = toLocal(ctx.now, ctx.timeZone).date;
  const before = stillAhead(ctx.previous, today);
  const { time: found, rest } = findTime(
    text,
    (hour) => before?.date !== undefined && (hour > MOST_CHOICES || corrects || ctx.expectTime === true),
  );
  if (found?.inMinutes !== undefined) return inMinutes(found.inMinutes, ctx);
  const day = findDate(rest, { today, dayFirst: ctx.dayFirst ?? false, previous: before?.date, corrects });
  const soonest = !found && SOONEST.test(rest);
  if (!found && !day && !soonest) return undefined;

  const date = day?.date ?? (soonest ? undefined : before?.date);
  const time = found ? readFoundTime(found, date, ctx, before) : keptTime(rest, soonest, before);
  return settleWhen({ date, ...time, soonest: soonest && !(day && ANY.test(rest)) }, day?.elseWeekLater ?? false, ctx);
}

function readFoundTime(found: FoundTime, date: WhenDate | undefined, ctx: WhenContext, before: When | undefined) {
  const previous = typeof before?.time === "object" ? before.time : undefined;
  return { time: readTime(found, openOn(ctx.workingHours, date), previous), approx: found.approx };
}

/** The time of day said before stands, unless this takes it back. */
function keptTime(text: string, soonest: boolean, before: When | undefined) {
  if (soonest || ANY.test(text)) return {};
  return { time: before?.nonexistent ?? before?.time, approx: before?.approx };
}

/** What was said before, without a date that is over. */
function stillAhead(previous: When | undefined, today: string): When | undefined {
  const { date, ...rest } = previous ?? {};
  if (date === undefined || (typeof date === "string" ? date : date.to) < today) return previous && rest;
  return { ...rest, date };
}

function inMinutes(minutes: number, ctx: WhenContext): When {
  const instant = new Date(ctx.now.getTime() + minutes * 60_000);
  return settleWhen({ ...toLocal(instant, ctx.timeZone), soonest: false }, false, ctx);
}
