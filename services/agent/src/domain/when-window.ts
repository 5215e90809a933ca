import { addDays, resolveLocal, toLocal } from "./resolve-local-time.ts";
import type { When } from "./when.ts";

const MINUTE_MS = 60_000;
const APPROX_MS = 60 * MINUTE_MS;

/** Openings that begin in [from, to) fit. `exact` is the moment asked for, where one was. */
export type SearchWindow = { from: Date; to: Date; exact?: Date };

/**
 * Where to look for openings: one window a local day, in order, none before `now` or after `horizonDays` (a day is
 * counted by the calendar). An exact time gives a window of one minute, an approximate one an hour either side.
 * Empty for what is past.
 */
export function whenWindow(when: When, ctx: { now: Date; timeZone: string; horizonDays: number }): SearchWindow[] {
  if (when.past) return [];
  const local = toLocal(ctx.now, ctx.timeZone);
  const lastDate = addDays(local.date, ctx.horizonDays);
  const horizon = resolveLocal({ date: lastDate, time: local.time, timeZone: ctx.timeZone }).instant;
  const asked = when.date ?? { from: local.date, to: lastDate };
  const [first, last] = typeof asked === "string" ? [asked, asked] : [asked.from, asked.to];

  const windows: SearchWindow[] = [];
  for (let date = later(first, local.date); date <= last && date <= lastDate; date = addDays(date, 1)) {
    const window = windowOfDay(when, date, ctx.timeZone);
    const from = new Date(Math.max(window.from.getTime(), ctx.now.getTime()));
    const to = new Date(Math.min(window.to.getTime(), horizon.getTime()));
    if (from >= to) continue;
    const exact = window.exact && window.exact >= ctx.now ? { exact: window.exact } : {};
    windows.push({ from, to, ...exact });
  }
  return windows;
}

function windowOfDay(when: When, date: string, timeZone: string): SearchWindow {
  const at = (time: string) => resolveLocal({ date, time, timeZone }).instant;
  if (typeof when.time !== "string") return { from: at(when.time?.from ?? "00:00"), to: at(when.time?.to ?? "24:00") };
  const exact = at(when.time);
  const ms = exact.getTime();
  if (when.approx) return { from: new Date(ms - APPROX_MS), to: new Date(ms + APPROX_MS + MINUTE_MS), exact };
  return { from: exact, to: new Date(ms + MINUTE_MS), exact };
}

function later(a: string, b: string): string {
  return a > b ? a : b;
}
