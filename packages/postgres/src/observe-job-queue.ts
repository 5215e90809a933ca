import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "@bookproof/service";
import { observeQueue, type QueueState } from "@bookproof/telemetry";
import type pg from "pg";

/** The other measurements, which are taken with this one, must not wait for a database that hangs. In milliseconds. */
const patienceMs = 1_000;

/** Measures what waits in a service's job queue. @returns how to end that */
export function observeJobQueue(options: {
  pool: pg.Pool;
  service: string;
  schema: string;
  logger: Logger;
}): () => void {
  const { pool, service, schema, logger } = options;
  return observeQueue(service, async () => {
    try {
      const late = delay(patienceMs, undefined, { ref: false });
      const state = await Promise.race([readState(pool, schema), late]);
      if (!state) throw new Error(`no answer within ${patienceMs} ms`);
      return state;
    } catch (error) {
      logger.warn({ err: error }, "[QUEUE_NOT_MEASURED] what waits in the job queue could not be read");
      return undefined;
    }
  });
}

// is_available: neither locked nor given up by the library. Its partial index on (priority, run_at) holds all that is read.
async function readState(pool: pg.Pool, schema: string): Promise<QueueState | undefined> {
  const { rows } = await pool.query<QueueState>({
    name: "queue_state",
    text: `SELECT count(*)::float8 AS waiting,
        coalesce(extract(epoch FROM clock_timestamp() - min(run_at)) * 1000, 0)::float8 AS "oldestMs"
      FROM ${schema}._private_jobs WHERE is_available AND run_at <= clock_timestamp()`,
  });
  return rows[0];
}
