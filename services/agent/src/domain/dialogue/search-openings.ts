import { describeDay, describeTime } from "../describe-time.ts";
import { addDays, resolveLocal, toLocal } from "../resolve-local-time.ts";
import { type When, whenSchema } from "../when.ts";
import { type SearchWindow, whenWindow } from "../when-window.ts";
import type { Opening } from "./dialogue-state.ts";
import type { TimeWindow, Turn } from "./dialogue-types.ts";
import { MOST_OFFERED, pickNearest, pickSpread } from "./pick-openings.ts";
import { requestedOffering, slotInWords } from "./requested-offering.ts";
import { texts } from "./words-en.ts";

// What FindOpenings gives at most.
const MOST_FOUND = 50;
// Enough to spread three over the next day or two.
const NEXT_FOUND = 20;
const DAYS_NEARBY = 14;
const MINUTE_MS = 60_000;

/** `exact`: the very moment asked for is free. An empty `offer` means that nothing is free up to the horizon. */
export type Found =
  | { kind: "exact"; opening: Opening }
  | { kind: "offer"; openings: Opening[]; lead: string }
  | { kind: "unreadable" };

/** Looks for what the customer asked for; where there is nothing, for what comes nearest, and says why. */
export async function searchRequested(turn: Turn): Promise<Found> {
  const { tenant, now, state } = turn;
  const offering = requestedOffering(tenant, state).name;
  const when = state.when;
  if (!when) return searchNext(turn, { lead: texts.nextOpenings(offering) });
  if (when.past) return searchNext(turn, { lead: texts.timePassed(offering) });
  const windows = whenWindow(when, { now, timeZone: tenant.timeZone, horizonDays: tenant.horizonDays });
  const [first] = windows;
  if (!first) return searchNext(turn, { lead: leadForNoWindow(when, turn) });
  if (windows.length === 1 && first.exact && !when.approx) return searchExact(turn, first.exact);

  const found = await find(turn, joined(windows), limitFor(when));
  if (found.openings.length > 0) {
    const openings =
      first.exact && when.approx && windows.length === 1
        ? pickNearest(found.openings, first.exact, tenant.timeZone)
        : pickSpread(found.openings);
    return { kind: "offer", openings, lead: texts.openingsFor(offering) };
  }
  if (found.unreadable) return { kind: "unreadable" };
  const lead = texts.nothingThen(offering, dayOf(when, turn));
  return (await searchSameTimeLater(turn, { when, from: first.from, lead })) ?? searchNextDay(turn, first.from, lead);
}

/** Whoever asked for a morning is offered the next mornings first. */
async function searchSameTimeLater(
  turn: Turn,
  asked: { when: When; from: Date; lead: string },
): Promise<Found | undefined> {
  const { tenant, now } = turn;
  if (!asked.when.time) return undefined;
  const anyDay = whenWindow(
    { time: asked.when.time },
    { now, timeZone: tenant.timeZone, horizonDays: tenant.horizonDays },
  );
  const later = anyDay.filter(({ from }) => from > asked.from);
  const { openings } = await find(turn, later, MOST_OFFERED);
  return openings.length > 0 ? { kind: "offer", openings: pickSpread(openings), lead: asked.lead } : undefined;
}

function searchNextDay(turn: Turn, from: Date, lead: string): Promise<Found> {
  return searchNext(turn, { from: startOfDay(from, turn), lead });
}

/** Without a date the next days are meant, not three spread over two months. */
function limitFor({ date, time, soonest }: When): number {
  if (soonest || (date === undefined && typeof time === "string")) return MOST_OFFERED;
  return date === undefined ? NEXT_FOUND : MOST_FOUND;
}

/** Up to three openings near a moment that is not free, or is no longer. */
export async function searchNear(turn: Turn, moment: Date, lead: string): Promise<Found> {
  const from = startOfDay(moment, turn);
  const tomorrow = startOfDay(moment, turn, 1);
  const windows = [
    { from: moment, to: tomorrow },
    { from, to: moment },
    { from: tomorrow, to: startOfDay(moment, turn, DAYS_NEARBY) },
  ];
  const found = await find(turn, windows, MOST_FOUND);
  if (found.openings.length === 0) return found.unreadable ? { kind: "unreadable" } : searchNext(turn, { from, lead });
  return { kind: "offer", openings: pickNearest(found.openings, moment, turn.tenant.timeZone), lead };
}

/** The next openings from now, or from a later moment, on. */
export async function searchNext(turn: Turn, { from, lead }: { from?: Date; lead: string }): Promise<Found> {
  const found = await find(turn, [{ from: from ?? turn.now, to: horizonOf(turn) }], NEXT_FOUND);
  if (found.openings.length > 0) return { kind: "offer", openings: pickSpread(found.openings), lead };
  if (found.unreadable) return { kind: "unreadable" };
  return from && from > turn.now ? searchNext(turn, { lead }) : { kind: "offer", openings: [], lead };
}

/** "Anything later?", "anything earlier?": beyond what was offered, or beyond the slot held. */
export async function searchShifted(turn: Turn, shift: "later" | "earlier"): Promise<Found> {
  const { state, now, tenant } = turn;
  const offering = requestedOffering(tenant, state).name;
  const known = state.step === "choosing_opening" ? state.openings : state.hold ? [state.hold] : [];
  const starts = known.map(({ start }) => Date.parse(start)).toSorted((a, b) => a - b);
  const lead = texts.openingsFor(offering);
  if (shift === "later") {
    const last = starts.at(-1);
    return searchNext(turn, { lead, ...(last !== undefined && { from: new Date(last + MINUTE_MS) }) });
  }
  const found = await find(turn, [{ from: now, to: new Date(starts[0] ?? now) }], MOST_FOUND);
  if (found.openings.length > 0) return { kind: "offer", openings: found.openings.slice(-MOST_OFFERED), lead };
  if (found.unreadable) return { kind: "unreadable" };
  return searchNext(turn, { lead: texts.nothingEarlier(offering) });
}

async function searchExact(turn: Turn, exact: Date): Promise<Found> {
  const { tenant, state } = turn;
  const found = await find(turn, [{ from: exact, to: new Date(exact.getTime() + MINUTE_MS) }], 1);
  const opening = found.openings.find(({ start }) => Date.parse(start) === exact.getTime());
  if (opening) return { kind: "exact", opening };
  if (found.unreadable) return { kind: "unreadable" };
  const offering = requestedOffering(tenant, state).name;
  return searchNear(turn, exact, texts.notAvailable(offering, slotInWords(exact, tenant)));
}

/** Never asks for what is past or beyond the horizon. */
function find(turn: Turn, windows: TimeWindow[], limit: number) {
  const { tenant, state, now, tools } = turn;
  const horizon = horizonOf(turn);
  const clipped = windows
    .map(({ from, to }) => ({ from: laterOf(from, now), to: earlierOf(to, horizon) }))
    .filter(({ from, to }) => from < to);
  if (clipped.length === 0) return Promise.resolve({ openings: [], unreadable: false });
  return tools.findOpenings({
    offeringId: requestedOffering(tenant, state).id,
    windows: clipped,
    limit,
    ...(state.hold && { ownHoldId: state.hold.id }),
  });
}

/** Windows that touch become one: 60 whole days are one question to the calendar. */
function joined(windows: SearchWindow[]): TimeWindow[] {
  const result: TimeWindow[] = [];
  for (const { from, to } of windows) {
    const last = result.at(-1);
    if (last && last.to.getTime() === from.getTime()) last.to = to;
    else result.push({ from, to });
  }
  return result;
}

/** Nothing of it lies between now and the horizon. */
function leadForNoWindow(when: When, turn: Turn): string {
  const { tenant, state, now } = turn;
  const offering = requestedOffering(tenant, state).name;
  const { date } = when;
  const first = typeof date === "object" ? date.from : date;
  const tooFar = first !== undefined && first >= addDays(toLocal(now, tenant.timeZone).date, tenant.horizonDays);
  return tooFar ? texts.tooFar(offering, tenant.horizonDays) : texts.timePassed(offering);
}

/** "Fri, Jan 18", where one day was asked for. */
function dayOf({ date, time }: When, { tenant, now }: Turn): string | undefined {
  if (typeof date !== "string") return undefined;
  const noon = resolveLocal({ date, time: "12:00", timeZone: tenant.timeZone }).instant;
  const day = describeDay(noon, tenant.timeZone, now);
  return time === undefined ? day : `${day} ${texts.atThatTime()}`;
}

function startOfDay(instant: Date, { tenant: { timeZone } }: Turn, daysLater = 0): Date {
  const date = addDays(toLocal(instant, timeZone).date, daysLater);
  return resolveLocal({ date, time: "00:00", timeZone }).instant;
}

function horizonOf({ now, tenant: { timeZone, horizonDays } }: Turn): Date {
  const { date, time } = toLocal(now, timeZone);
  return resolveLocal({ date: addDays(date, horizonDays), time, timeZone }).instant;
}

/** The moment of an opening, as if the customer had asked for exactly that. */
export function whenOf(opening: Opening, timeZone: string): When {
  return whenSchema.parse(toLocal(new Date(opening.start), timeZone));
}

/** What to say first where the clocks skip the time asked for. */
export function clockChangeLead(turn: Turn): string | undefined {
  const { when } = turn.state;
  if (!when?.nonexistent || typeof when.date !== "string" || typeof when.time !== "string") return undefined;
  const { timeZone } = turn.tenant;
  const moved = resolveLocal({ date: when.date, time: when.time, timeZone }).instant;
  return texts.clocksChange(when.nonexistent, describeTime(moved, timeZone));
}

function laterOf(a: Date, b: Date): Date {
  return new Date(Math.max(a.getTime(), b.getTime()));
}

function earlierOf(a: Date, b: Date): Date {
  return new Date(Math.min(a.getTime(), b.getTime()));
}
