import { addDays, resolveLocal, toLocal } from "../resolve-local-time.ts";
import type { When, WhenContext, WhenDate, WhenTime } from "../when.ts";
import { openOn } from "./read-time.ts";

export type Wish = {
  date?: WhenDate | undefined;
  time?: WhenTime | undefined;
  approx?: true | undefined;
  soonest: boolean;
};

/**
 * Holds a wish against the clock: moves today's weekday a week on when its hour is over, marks what is past, and moves
 * a time that the clocks skip. `elseWeekLater` says that the date is today because its weekday was named.
 */
export function settleWhen(wish: Wish, elseWeekLater: boolean, ctx: WhenContext): When {
  const moved = elseWeekLater && typeof wish.date === "string" && isOver({ ...wish, date: wish.date }, ctx, true);
  const date = moved && typeof wish.date === "string" ? addDays(wish.date, 7) : wish.date;
  const settled = { ...wish, date };
  const skipped = skippedTime(settled, ctx.timeZone);
  return {
    ...(date !== undefined && { date }),
    ...(wish.time !== undefined && { time: skipped ?? wish.time }),
    ...(wish.approx && { approx: true as const }),
    ...(wish.soonest && { soonest: true as const }),
    ...(isOver(settled, ctx, false) && { past: true as const }),
    ...(skipped !== undefined && typeof wish.time === "string" && { nonexistent: wish.time }),
  };
}

/** `byClosing`: a day without a time is over when the business closes, not at midnight. */
function isOver({ date, time }: Wish, ctx: WhenContext, byClosing: boolean): boolean {
  if (date === undefined) return false;
  const last = typeof date === "string" ? date : date.to;
  const at = (local: string) => resolveLocal({ date: last, time: local, timeZone: ctx.timeZone }).instant;
  if (typeof time === "string") return at(time) <= ctx.now;
  if (time) return at(time.to) <= ctx.now;
  const closes = byClosing ? openOn(ctx.workingHours, last).map((window) => window.to) : [];
  return at(closes.sort().at(-1) ?? "24:00") <= ctx.now;
}

/** The moved time, where the clocks skip the one asked for. */
function skippedTime({ date, time }: Wish, timeZone: string): string | undefined {
  if (typeof date !== "string" || typeof time !== "string") return undefined;
  const { instant, kind } = resolveLocal({ date, time, timeZone });
  return kind === "gap" ? toLocal(instant, timeZone).time : undefined;
}
