import { toLocal } from "../resolve-local-time.ts";
import type { Opening } from "./dialogue-state.ts";

/** How many are offered at once. */
export const MOST_OFFERED = 3;

/** Up to three, spread evenly over what is free, the earliest among them. In the order of time. */
export function pickSpread(openings: Opening[]): Opening[] {
  const free = inTime(openings);
  if (free.length <= MOST_OFFERED) return free;
  const step = (free.length - 1) / (MOST_OFFERED - 1);
  return Array.from({ length: MOST_OFFERED }, (_, i) => free[Math.round(i * step)]).filter((o) => o !== undefined);
}

/**
 * Up to three near a moment that is not free: the nearest of its own day first, then of each following day the one
 * nearest to its hour, then whatever else is near. In the order of time.
 */
export function pickNearest(openings: Opening[], moment: Date, timeZone: string): Opening[] {
  const wanted = toLocal(moment, timeZone);
  const ranked = inTime(openings).map((opening) => {
    const at = toLocal(new Date(opening.start), timeZone);
    return { opening, date: at.date, away: Math.abs(minutesOf(at.time) - minutesOf(wanted.time)) };
  });
  const byAway = ranked.toSorted((a, b) => a.away - b.away);
  const sameDay = byAway.filter(({ date }) => date === wanted.date);
  const days = [...new Set(ranked.map(({ date }) => date))].filter((date) => date !== wanted.date);
  const bestOfDays = days.flatMap((date) => byAway.find((o) => o.date === date) ?? []);
  const picked = new Set([...sameDay, ...bestOfDays, ...ranked].map(({ opening }) => opening));
  return inTime([...picked].slice(0, MOST_OFFERED));
}

function inTime(openings: Opening[]): Opening[] {
  return openings.toSorted((a, b) => Date.parse(a.start) - Date.parse(b.start));
}

function minutesOf(time: string): number {
  const [hours, minutes] = time.split(":").map(Number);
  return (hours ?? 0) * 60 + (minutes ?? 0);
}
