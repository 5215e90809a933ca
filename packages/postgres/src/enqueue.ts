import { currentCid, currentTraceparent } from "@bookproof/telemetry";
import type { z } from "zod";
import type { JobDefinition } from "./job-definition.ts";
import type { Queryable } from "./pool.ts";

/**
 * Adds a job in the caller's transaction: it runs if, and only if, that transaction commits.
 * @param options.delayMs not before so many milliseconds of database time have passed. options.key: a waiting job of the same key is
 * replaced and keeps its time, so that asking again never puts it off.
 */
export async function enqueue<Payload extends z.ZodType>(
  client: Queryable,
  definition: JobDefinition<Payload>,
  payload: z.input<Payload>,
  options: { delayMs?: number; key?: string; attempt?: number; traceparent?: string | undefined } = {},
): Promise<void> {
  const traceparent = definition.isRound ? undefined : (options.traceparent ?? currentTraceparent());
  const wrapped = { payload, cid: currentCid() ?? "", attempt: options.attempt ?? 1, traceparent };
  await client.query(`SELECT ${definition.service}.enqueue($1, $2, $3, $4, $5)`, [
    definition.task,
    JSON.stringify(wrapped),
    definition.queue?.(definition.payload.parse(payload)) ?? null,
    options.delayMs === undefined ? null : Math.ceil(options.delayMs),
    options.key ?? null,
  ]);
}

/**
 * Creates `<service>.enqueue`, through which a role that owns nothing adds jobs, and the trigger that wakes a worker when
 * a named queue becomes free (it would else wait for the next poll after every job).
 */
export async function installEnqueue(client: Queryable, service: string): Promise<void> {
  const jobs = `${service}_jobs`;
  await client.query(`
    BEGIN;
    SELECT pg_advisory_xact_lock(7366502);
    CREATE OR REPLACE FUNCTION ${service}.enqueue(p_task text, p_payload json, p_queue text, p_delay_ms integer, p_key text)
    RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
      SELECT ${jobs}.add_job(p_task, p_payload, queue_name := p_queue, run_at := clock_timestamp() + make_interval(secs => p_delay_ms / 1000.0), job_key := p_key, job_key_mode := 'preserve_run_at', max_attempts := 25)
    $$;
    REVOKE ALL ON FUNCTION ${service}.enqueue FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION ${service}.enqueue TO bookproof_${service};
    CREATE OR REPLACE FUNCTION ${jobs}.wake_for_freed_queue() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM pg_notify('jobs:insert', '{"r":"' || random()::text || '","count":1}');
      RETURN NULL;
    END $$;
    DROP TRIGGER IF EXISTS wake_for_freed_queue ON ${jobs}._private_job_queues;
    CREATE TRIGGER wake_for_freed_queue AFTER UPDATE OF locked_at ON ${jobs}._private_job_queues
      FOR EACH ROW WHEN (OLD.locked_at IS NOT NULL AND NEW.locked_at IS NULL) EXECUTE FUNCTION ${jobs}.wake_for_freed_queue();
    COMMIT;`);
}
