import { setTimeout as sleep } from "node:timers/promises";
import { withTransaction } from "@bookproof/postgres";
import { runInJourney, runInSpan } from "@bookproof/telemetry";
import { SpanKind } from "@opentelemetry/api";
import type { Deps } from "../deps.ts";
import { forgetOld } from "../queries/changes.ts";
import { type DueSync, selectDueSyncs } from "../queries/syncs.ts";
import { syncCalendar } from "./sync-calendar.ts";

/** No statement is to hold its locks for long. */
const forgetAtOnce = 1_000;

export interface Poller {
  /** Begins no more turns, and waits for those that run. */
  stop(): Promise<void>;
}

/** Asks about calendars at Google as each is due, a few at a time; several processes share them by claiming each turn. */
export function startPoller(deps: Deps): Poller {
  const stopping = new AbortController();
  const { signal } = stopping;
  const ended = Promise.all([keepSyncing(deps, signal), keepForgetting(deps, signal)]);
  return {
    async stop() {
      stopping.abort();
      await ended;
    },
  };
}

/** Sleeps for a while, a fifth less or more; cut short by the signal. */
const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  sleep(ms * (0.8 + 0.4 * Math.random()), undefined, { signal, ref: false }).catch(() => undefined);

async function keepSyncing(deps: Deps, signal: AbortSignal): Promise<void> {
  const { sync } = deps.config.google;
  const turns = new Set<Promise<void>>();
  const begin = (due: DueSync) => {
    const turn = takeTurn(deps, due).finally(() => turns.delete(turn));
    turns.add(turn);
  };
  while (true) {
    await pause(sync.lookMs, signal);
    if (signal.aborted) break;
    for (const due of await lookForDue(deps, sync.atOnce - turns.size)) begin(due);
    // Where there may be more that are due, the next ones need not wait for the next look.
    while (turns.size >= sync.atOnce) {
      await Promise.race(turns);
      if (signal.aborted) break;
      for (const due of await lookForDue(deps, sync.atOnce - turns.size)) begin(due);
    }
  }
  await Promise.all(turns);
}

async function lookForDue(deps: Deps, limit: number): Promise<DueSync[]> {
  if (limit <= 0) return [];
  try {
    return await withTransaction(deps.pool, (client) => selectDueSyncs(client, limit));
  } catch (error) {
    deps.logger.warn({ err: error }, "[CALENDAR_SYNC_FAILED] no calendar could be looked for; tried again shortly");
    return [];
  }
}

async function takeTurn(deps: Deps, due: DueSync): Promise<void> {
  try {
    await runInJourney({ tenantId: due.tenantId }, () =>
      runInSpan({ name: "sync calendar", kind: SpanKind.INTERNAL, isRoot: true }, () => syncCalendar(deps, due)),
    );
  } catch (error) {
    // Its lease ends by itself.
    deps.logger.warn({ err: error, ...due }, "[CALENDAR_SYNC_FAILED] its turn could not be begun or ended");
  }
}

async function keepForgetting(deps: Deps, signal: AbortSignal): Promise<void> {
  const { keepMs, forgetEveryMs } = deps.config.google.sync;
  while (true) {
    await pause(forgetEveryMs, signal);
    if (signal.aborted) return;
    try {
      const before = new Date(deps.now() - keepMs);
      await withTransaction(deps.pool, (client) => forgetOld(client, before, forgetAtOnce));
    } catch (error) {
      deps.logger.warn({ err: error }, "[CALENDAR_CHANGES_KEPT] old changes could not be forgotten; tried again later");
    }
  }
}
