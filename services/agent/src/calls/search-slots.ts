import type { BookingServiceDefinition } from "@bookproof/proto/booking";
import type { GrpcClient } from "@bookproof/service";
import { addDays, resolveLocal, toLocal } from "../domain/resolve-local-time.ts";
import { firstDays, nearest, spread } from "../domain/voice/pick-slots.ts";
import type { RequestedDays, Window } from "../domain/voice/requested-days.ts";

export interface FreeSlot {
  start: Date;
  calendarId: string;
  calendarName: string;
}

/** `elsewhere`: nothing then, so these are of the next day that has some; none at all when `slots` is empty. */
export type FoundSlots = { kind: "asked" | "elsewhere"; slots: FreeSlot[] } | { kind: "unreadable" };

export interface Search {
  tenantId: string;
  offeringId: string;
  timeZone: string;
  horizonDays: number;
  now: Date;
}

/** What FindOpenings gives at most: a caller hears times spread over the day, not the first of the morning. */
const MOST_FOUND = 50;

/** Up to five free starts for what was asked, else of the next day that has some, else of an earlier one. */
export async function searchSlots(
  booking: Pick<GrpcClient<BookingServiceDefinition>, "findOpenings">,
  search: Search,
  days: Extract<RequestedDays, { kind: "any" | "days" }>,
): Promise<FoundSlots> {
  const { now, timeZone } = search;
  const horizon = horizonOf(search);
  const find = (windows: Window[]) => findSlots(booking, search, windows);
  if (days.kind === "any") {
    const next = await find([{ from: now, to: horizon }]);
    return next.unreadable ? { kind: "unreadable" } : { kind: "asked", slots: firstDays(next.slots, timeZone) };
  }
  const asked = await find(days.windows);
  if (asked.slots.length > 0) {
    const oneDay = new Set(asked.slots.map(({ start }) => toLocal(start, timeZone).date)).size === 1;
    if (days.exact) return { kind: "asked", slots: nearest(asked.slots, days.exact) };
    return { kind: "asked", slots: oneDay ? spread(asked.slots) : firstDays(asked.slots, timeZone) };
  }
  if (asked.unreadable) return { kind: "unreadable" };
  for (const window of [
    { from: days.after, to: horizon },
    { from: now, to: days.after },
  ]) {
    const other = await find([window]);
    if (other.unreadable) return { kind: "unreadable" };
    if (other.slots.length > 0) return { kind: "elsewhere", slots: firstDays(other.slots, timeZone) };
  }
  return { kind: "elsewhere", slots: [] };
}

async function findSlots(
  booking: Pick<GrpcClient<BookingServiceDefinition>, "findOpenings">,
  { tenantId, offeringId, now }: Search,
  windows: Window[],
): Promise<{ slots: FreeSlot[]; unreadable: boolean }> {
  const ahead = windows
    .map(({ from, to }) => ({ from: from < now ? now : from, to }))
    .filter(({ from, to }) => from < to);
  if (ahead.length === 0) return { slots: [], unreadable: false };
  const { openings, unreadable } = await booking.findOpenings({
    tenantId,
    offeringId,
    windows: ahead,
    limit: MOST_FOUND,
  });
  const slots = openings
    .flatMap(({ start, calendarId, calendarName }) => (start ? [{ start, calendarId, calendarName }] : []))
    .toSorted((a, b) => a.start.getTime() - b.start.getTime());
  // Nothing found in calendars that could not all be read proves nothing.
  return { slots, unreadable: slots.length === 0 && unreadable.length > 0 };
}

function horizonOf({ now, timeZone, horizonDays }: Search): Date {
  const { date, time } = toLocal(now, timeZone);
  return resolveLocal({ date: addDays(date, horizonDays), time, timeZone }).instant;
}
