import { toLocal } from "../resolve-local-time.ts";
import { understandWhen } from "../understand-when.ts";
import type { When } from "../when.ts";
import type { Opening } from "./dialogue-state.ts";
import type { TenantProfile } from "./dialogue-types.ts";
import { plainText } from "./plain-text.ts";
import * as words from "./words-en.ts";

export interface ChoiceContext {
  openings: Opening[];
  tenant: TenantProfile;
  now: Date;
}

/**
 * The offered opening that a message chooses: by its number or place on the list, by the one day or hour that only it
 * has, or by plain agreement where there is but one. Undefined where the message chooses none, or more than one fits.
 */
export function chooseOpening(text: string, ctx: ChoiceContext): Opening | undefined {
  const plain = plainText(text);
  if (words.REJECT.test(plain)) return undefined;
  if (words.AFFIRM.test(plain)) return ctx.openings.length === 1 ? ctx.openings[0] : undefined;
  return byPlace(plain, ctx.openings) ?? byTime(text, ctx);
}

/** "Sorry, the second one": a choice from the list when the talk has gone on already. */
export function chooseAgain(text: string, openings: Opening[]): Opening | undefined {
  const plain = plainText(text);
  return words.POINTS_AT_LIST.test(plain) ? byPlace(plain.replace(/\bwrong one\b/, " "), openings) : undefined;
}

function byPlace(plain: string, openings: Opening[]): Opening | undefined {
  const left = plain
    .replace(/[^\p{L}\p{N}:' ]/gu, " ")
    .replace(words.CHOICE_FILLER, " ")
    .replace(/\s+/g, " ")
    .trim();
  const inTime = openings.toSorted((a, b) => Date.parse(a.start) - Date.parse(b.start));
  if (words.EARLIEST_CHOICE.test(left)) return inTime[0];
  // "the second one" is the second; "one" alone is the first.
  const place = left.replace(/ ones?$/, "");
  if (words.LATEST_CHOICE.test(place)) return inTime.at(-1);
  if (/^\d$/.test(place)) return openings[Number(place) - 1];
  return Object.hasOwn(words.ORDINALS, place) ? openings.at(words.ORDINALS[place] ?? 0) : undefined;
}

function byTime(text: string, { openings, tenant, now }: ChoiceContext): Opening | undefined {
  const plain = plainText(text);
  if (words.ASKS_AVAILABILITY.test(plain) && !words.COMMITS.test(plain)) return undefined;
  const dates = openings.map((opening) => localOf(opening, tenant.timeZone).date).sort();
  const [first, last] = [dates[0], dates.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  // The days on offer come first: "Tuesday" is the Tuesday of the list.
  const previous: When = { date: first === last ? first : { from: first, to: last } };
  const { timeZone, workingHours } = tenant;
  const said = understandWhen(text, { now, timeZone, workingHours, previous });
  if (!said || said.soonest || said.past) return undefined;
  const fitting = openings.filter((opening) => fits(said, localOf(opening, timeZone)));
  return fitting.length === 1 ? fitting[0] : undefined;
}

function fits({ date, time }: When, at: { date: string; time: string }): boolean {
  const [from, to] = typeof date === "object" ? [date.from, date.to] : [date ?? at.date, date ?? at.date];
  if (at.date < from || at.date > to) return false;
  return typeof time === "object" ? at.time >= time.from && at.time < time.to : (time ?? at.time) === at.time;
}

function localOf(opening: Opening, timeZone: string) {
  return toLocal(new Date(opening.start), timeZone);
}
