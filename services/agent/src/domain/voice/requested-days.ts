import { DateTime } from "luxon";
import { addDays, resolveLocal, toLocal } from "../resolve-local-time.ts";
import { understandWhen } from "../understand-when.ts";
import type { When, WorkingHours } from "../when.ts";
import { whenWindow } from "../when-window.ts";

/** Starts lie in [from, to). */
export interface Window {
  from: Date;
  to: Date;
}

/**
 * Which days a caller asks for. `any`: none was named. `days`: the windows to look in, `exact` the moment asked for,
 * `day` noon of the one day asked for, `after` where the search goes on when there is nothing.
 */
export type RequestedDays =
  | { kind: "any" }
  | { kind: "days"; windows: Window[]; exact?: Date; day?: Date; after: Date }
  | { kind: "past" }
  | { kind: "unclear" };

interface Context {
  now: Date;
  timeZone: string;
  horizonDays: number;
  workingHours: WorkingHours;
}

/** Reads `YYYY-MM-DD` (a time after it is ignored) or words such as "next Tuesday afternoon", in the tenant's zone. */
export function requestedDays(text: string, ctx: Context): RequestedDays {
  const said = text.trim();
  if (said === "") return { kind: "any" };
  const when = isoDay(said) ?? understandWhen(said, ctx);
  if (!when) return { kind: "unclear" };
  const today = toLocal(ctx.now, ctx.timeZone).date;
  const last = typeof when.date === "object" ? when.date.to : when.date;
  if (when.past || (last !== undefined && last < today)) return { kind: "past" };
  if (when.date === undefined && when.time === undefined) return { kind: "any" };
  return daysOf(when, ctx);
}

function isoDay(text: string): When | undefined {
  const date = /^\d{4}-\d{2}-\d{2}(?=T|$)/.exec(text)?.[0];
  return date && DateTime.fromISO(date, { zone: "utc" }).isValid ? { date } : undefined;
}

function daysOf(when: When, ctx: Context): RequestedDays {
  const { timeZone } = ctx;
  const exact = typeof when.time === "string" ? whenWindow(when, ctx)[0]?.exact : undefined;
  // Around an exact time the whole day is looked at: a caller hears what comes nearest to it.
  const { time, ...rest } = when;
  const wide: When = typeof time === "string" ? rest : when;
  const windows = joined(whenWindow(wide, ctx));
  const single = typeof when.date === "string" ? when.date : undefined;
  const lastDate = typeof when.date === "object" ? when.date.to : (single ?? toLocal(ctx.now, timeZone).date);
  return {
    kind: "days",
    windows,
    after: resolveLocal({ date: addDays(lastDate, 1), time: "00:00", timeZone }).instant,
    ...(exact && { exact }),
    ...(single && { day: resolveLocal({ date: single, time: "12:00", timeZone }).instant }),
  };
}

/** Windows that touch become one question to the calendar. */
function joined(windows: Window[]): Window[] {
  const result: Window[] = [];
  for (const { from, to } of windows) {
    const last = result.at(-1);
    if (last && last.to.getTime() === from.getTime()) last.to = to;
    else result.push({ from, to });
  }
  return result;
}
