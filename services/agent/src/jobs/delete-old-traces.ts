import { setTimeout as sleep } from "node:timers/promises";
import { enqueue } from "@bookproof/postgres";
import type { z } from "zod";
import type { Deps } from "../deps.ts";
import { deleteTracesOlderThan } from "../queries/old-traces.ts";
import { deleteOldTraces } from "./definitions.ts";

const dayMs = 24 * 3_600_000;
const againAfterMs = 1_000;

/** Plans a deletion for now as soon as Postgres takes it, until the pool closes. One is planned, however many replicas start. */
export async function planFirstDeletion(deps: Deps): Promise<void> {
  while (!deps.pool.ending) {
    try {
      return await enqueue(deps.pool, deleteOldTraces, {}, { key: "delete_old_traces_now" });
    } catch (error) {
      if (deps.pool.ending) return;
      deps.logger.warn({ err: error }, "[TRACE_RETENTION_NOT_PLANNED] tried again shortly");
    }
    await sleep(againAfterMs, undefined, { ref: false });
  }
}

/**
 * Deletes one batch of old traces: a run is short, however much there is to delete, and a service that stops waits for no more than
 * that. The next day's run is planned first: one that dies is not the last.
 */
export async function runDeleteOldTraces(
  deps: Deps,
  { deleted: before }: z.output<typeof deleteOldTraces.payload>,
): Promise<void> {
  const { days, batchRows, pauseMs } = deps.config.traceRetention;
  await enqueue(deps.pool, deleteOldTraces, {}, { delayMs: dayMs, key: "delete_old_traces" });
  const batch = await deleteTracesOlderThan(deps.pool, days, batchRows);
  const deleted = before + batch;
  if (batch === batchRows) {
    await enqueue(deps.pool, deleteOldTraces, { deleted }, { delayMs: pauseMs, key: "delete_old_traces_now" });
    return;
  }
  deps.logger.info({ deleted, days }, `[OLD_TRACES_DELETED] ${deleted} trace rows older than ${days} days`);
}
