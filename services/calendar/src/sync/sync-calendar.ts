import { reasonOf } from "@bookproof/errors";
import { type Queryable, withTenant } from "@bookproof/postgres";
import type { Deps } from "../deps.ts";
import type { BusySpan, CalendarProvider, EventChanges } from "../domain/calendar-provider.ts";
import { eventNews, type SeenEvent } from "../domain/event-news.ts";
import type { Span } from "../domain/span.ts";
import { backOffMs, isSpanUsedUp, keptSpan, nextSyncMs } from "../domain/sync-times.ts";
import { replaceBusyTimes } from "../queries/busy-times.ts";
import { selectCalendars } from "../queries/calendars.ts";
import { insertEventChanges } from "../queries/changes.ts";
import { selectSeenEvents, storeSeenEvents } from "../queries/seen-events.ts";
import { type ClaimedSync, claimSync, type DueSync, endSync, putOffSync } from "../queries/syncs.ts";

/** After a write of ours that came in between. */
const soonMs = 1_000;

/** What a calendar told in one turn. */
interface Told {
  changes: EventChanges;
  /** From when on a complete list holds everything. */
  from: Date;
  /** Undefined where they are still as they were. */
  busy: { span: Span; times: BusySpan[] } | undefined;
}

/**
 * One calendar's turn, if it is still due: asks what has changed, stores what is busy now, and tells of our events that are not as they
 * were. What fails is tried again later.
 */
export async function syncCalendar(deps: Deps, due: DueSync): Promise<void> {
  const { sync } = deps.config.google;
  const { tenantId, calendarId } = due;
  const inTransaction = <T>(work: (client: Queryable) => Promise<T>) => withTenant(deps.pool, tenantId, work);
  const turn = await inTransaction(async (client) => {
    const claim = await claimSync(client, due, sync.leaseMs);
    const [calendar] = claim ? await selectCalendars(client, tenantId, [calendarId]) : [];
    return claim && calendar && { claim, calendar };
  });
  if (!turn) return;
  const { claim, calendar } = turn;
  try {
    const told = await ask(deps.openProvider(tenantId, calendar), { claim, sync });
    if (told.changes.complete && claim.token)
      deps.logger.info({ tenantId, calendarId }, "[CALENDAR_SYNCED_ANEW] its sync token was stale: all of it was read");
    const news = await inTransaction((client) => store(client, due, { claim, told, againInMs: nextSyncMs(sync) }));
    if (!news) return await inTransaction((client) => putOffSync(client, due, { inMs: soonMs, failed: false }));
    for (const { id: eventId, appointmentId, live, declined } of news)
      deps.logger.info(
        { tenantId, calendarId, eventId, appointmentId, live, declined },
        "[CALENDAR_CHANGED] an event of ours is not as it was",
      );
  } catch (error) {
    const failures = claim.failures + 1;
    const againInMs = backOffMs(sync, reasonOf(error), failures);
    const log = { tenantId, calendarId, reason: reasonOf(error), failures, againInMs };
    deps.logger.warn(
      { ...log, err: error },
      "[CALENDAR_SYNC_FAILED] it is asked for each time until it is known again",
    );
    await inTransaction((client) => putOffSync(client, due, { inMs: againInMs, failed: true }));
  }
}

async function ask(
  provider: CalendarProvider,
  { claim, sync }: { claim: ClaimedSync; sync: Deps["config"]["google"]["sync"] },
): Promise<Told> {
  const span = keptSpan(sync, claim.askedAt);
  const changes = await provider.changes({ token: claim.token, from: span.from });
  const { busyTo } = claim;
  const isAsItWas =
    busyTo && !changes.complete && changes.events.length === 0 && !isSpanUsedUp(sync, claim.askedAt, busyTo);
  return { changes, from: span.from, busy: isAsItWas ? undefined : { span, times: await provider.busy(span) } };
}

/** @returns the events of ours that have changed; undefined where a write of ours came in between and nothing was stored. */
async function store(
  client: Queryable,
  due: DueSync,
  { claim, told, againInMs }: { claim: ClaimedSync; told: Told; againInMs: number },
): Promise<SeenEvent[] | undefined> {
  const { changes, from, busy } = told;
  const done = { claim, token: changes.token, busySpan: busy?.span, againInMs };
  if (!(await endSync(client, due, done))) return undefined;
  if (busy) await replaceBusyTimes(client, due, busy.times);
  if (changes.events.length === 0 && !changes.complete) return [];
  const which = { ids: changes.events.map(({ id }) => id), liveAfter: changes.complete ? from : undefined };
  const known = await selectSeenEvents(client, due, which);
  const news = eventNews({ ...changes, from }, known);
  await storeSeenEvents(client, due, news);
  // The first list only tells what is there: an event that was put there before anybody watched is no change.
  const isKnown = new Set(known.map(({ id }) => id));
  const changed = claim.wasListed ? news : news.filter(({ id }) => isKnown.has(id));
  await insertEventChanges(client, due, changed);
  return changed;
}
