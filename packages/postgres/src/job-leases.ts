import type { Logger } from "@bookproof/service";
import type pg from "pg";

/** A job as the queue hands it out, reduced to what a lease needs. */
interface LeasedJob {
  id: string;
  job_queue_id?: number | null;
}

export interface JobLeases {
  /** Runs a job's work; while it runs, its lease is renewed. */
  during<T>(job: LeasedJob, work: () => Promise<T>): Promise<T>;
  stop(): Promise<void>;
}

/**
 * P2: a worker that was killed, or cut off while it completed a job, leaves the job and its queue locked, and the library
 * frees them after 4 hours only. So each lock is a lease of `leaseMs`, renewed while the job runs; whoever comes by frees
 * what was not. A worker that stood still for longer sees its job run twice: jobs must bear that.
 */
export function keepJobLeases(options: { pool: pg.Pool; schema: string; leaseMs: number; logger: Logger }): JobLeases {
  const { pool, schema, leaseMs, logger } = options;
  const running = new Set<LeasedJob>();
  let round: Promise<void> | undefined;
  const renewAndFree = async () => {
    try {
      const held = [...running];
      const freed = await pool.query({
        // Prepared once a connection: planning it costs more than running it.
        name: "renew_and_free",
        text: renewAndFreeSql(schema),
        values: [held.map((job) => job.id), held.flatMap((job) => job.job_queue_id ?? []), leaseMs],
      });
      if (freed.rowCount)
        logger.warn({ jobs: freed.rows }, "[JOB_FREED] jobs of a worker that is not heard of run again");
    } catch (error) {
      logger.warn({ err: error }, "[JOB_LEASES] the leases could not be renewed; tried again shortly");
    } finally {
      round = undefined;
    }
  };
  const timer = setInterval(() => {
    round ??= renewAndFree();
  }, leaseMs / 3);
  return {
    async during(job, work) {
      running.add(job);
      try {
        return await work();
      } finally {
        running.delete(job);
      }
    },
    async stop() {
      clearInterval(timer);
      await round;
    },
  };
}

// SKIP LOCKED: a row that is being taken or completed at this moment needs neither, and nothing here may deadlock with it.
const renewAndFreeSql = (schema: string) => `
  WITH renewed_jobs AS (
    UPDATE ${schema}._private_jobs SET locked_at = now() WHERE id IN (
      SELECT id FROM ${schema}._private_jobs WHERE id = ANY ($1::bigint[]) AND locked_at IS NOT NULL FOR UPDATE SKIP LOCKED)
  ), renewed_queues AS (
    UPDATE ${schema}._private_job_queues SET locked_at = now() WHERE id IN (
      SELECT id FROM ${schema}._private_job_queues WHERE id = ANY ($2::int[]) AND locked_at IS NOT NULL FOR UPDATE SKIP LOCKED)
  ), freed_queues AS (
    UPDATE ${schema}._private_job_queues SET locked_at = NULL, locked_by = NULL WHERE id IN (
      SELECT id FROM ${schema}._private_job_queues
      WHERE id <> ALL ($2::int[]) AND locked_at < now() - make_interval(secs => $3 / 1000.0) FOR UPDATE SKIP LOCKED)
  )
  UPDATE ${schema}._private_jobs SET locked_at = NULL, locked_by = NULL, run_at = greatest(run_at, now()) WHERE id IN (
    SELECT id FROM ${schema}._private_jobs
    WHERE id <> ALL ($1::bigint[]) AND locked_at < now() - make_interval(secs => $3 / 1000.0) FOR UPDATE SKIP LOCKED)
  RETURNING id`;
