import { EventEmitter } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { hasReason } from "@bookproof/errors";
import type { Logger } from "@bookproof/service";
import { markFailed, runInJourney, runInSpan, spanAttributes } from "@bookproof/telemetry";
import { SpanKind } from "@opentelemetry/api";
import { type Runner, run, type TaskList, Logger as WorkerLogger } from "graphile-worker";
import pg from "pg";
import { z } from "zod";
import { enqueue } from "./enqueue.ts";
import { type JobDefinition, retryDelayMs } from "./job-definition.ts";
import { keepJobLeases } from "./job-leases.ts";
import { observeJobQueue } from "./observe-job-queue.ts";

/** How soon a queue that was lost is worked on again. */
const restartDelayMs = 300;

const envelope = z.object({
  payload: z.unknown(),
  cid: z.string(),
  attempt: z.number(),
  /** W3C; of the span that added the job. */
  traceparent: z.string().optional(),
});
const payloadOfTenant = z.object({ tenantId: z.string() });

export interface JobWorker {
  /** Finishes running jobs and stops. */
  stop(): Promise<void>;
}

/** What a kind of job does; made by `handle`. */
interface JobHandler {
  definition: JobDefinition<z.ZodType>;
  run(payload: unknown, attempt: number): Promise<void>;
  gaveUp(payload: unknown, error: unknown): Promise<void>;
}

/** Collects a service's job handlers, each typed by its definition. */
export function jobHandlers() {
  const handlers: JobHandler[] = [];
  return {
    handlers,
    /** @param gaveUp runs once, instead of another try, when the tries are used up. */
    add<Payload extends z.ZodType>(
      definition: JobDefinition<Payload>,
      run: (payload: z.output<Payload>, attempt: number) => Promise<void>,
      gaveUp: (payload: z.output<Payload>, error: unknown) => Promise<void> = async () => undefined,
    ) {
      handlers.push({
        definition,
        run: (payload, attempt) => run(definition.payload.parse(payload), attempt),
        gaveUp: (payload, error) => gaveUp(definition.payload.parse(payload), error),
      });
      return this;
    },
  };
}

/**
 * Runs the jobs of one service's queue. A job that throws is logged and put back after its retry delay; the library's own
 * back-off (2.7 s and growing) is only met when putting back fails too.
 */
export async function startJobWorker(options: {
  url: string;
  service: string;
  handlers: JobHandler[];
  logger: Logger;
  concurrency?: number;
  /** After how long a job of a worker that is not heard of is run by another, in milliseconds. */
  leaseMs?: number;
}): Promise<JobWorker> {
  const { logger, concurrency = 10, leaseMs = 15_000 } = options;
  const schema = `${options.service}_jobs`;
  const pool = new pg.Pool({
    connectionString: options.url,
    max: concurrency + 2,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 60_000,
    // A connection over which nothing comes back any more would hold a worker for ever.
    query_timeout: 10_000,
    application_name: `bookproof_${options.service}_jobs`,
    // The queue asks the same few questions for ever, prepared: planning each anew costs more than answering it.
    options: "-c plan_cache_mode=force_generic_plan",
  });
  pool.on("error", (error) =>
    logger.warn({ err: error }, "[POSTGRES_CONNECTION_LOST] the job queue lost an idle connection"),
  );
  pool.on("connect", (client) => client.on("error", () => undefined)); // reported by the pool's own listener
  refusePlainly(pool);
  const leases = keepJobLeases({ pool, schema, leaseMs, logger });
  const taskList: TaskList = {};
  for (const handler of options.handlers) {
    taskList[handler.definition.task] = async (raw, { job }) => {
      const { payload, cid, attempt, traceparent } = envelope.parse(raw);
      const { task } = handler.definition;
      const span = {
        name: `process ${task}`,
        kind: SpanKind.CONSUMER,
        // Of a run that adds itself again only the first was added by anybody.
        ...(traceparent ? { traceparent } : { isRoot: true }),
        attributes: { [spanAttributes.task]: task, [spanAttributes.tries]: attempt },
      };
      const journey = { cid: cid || undefined, tenantId: payloadOfTenant.safeParse(payload).data?.tenantId };
      const work = () => runOrPutBack(pool, handler, { payload, attempt, traceparent }, logger);
      await leases.during(job, () => runInJourney(journey, () => runInSpan(span, work)));
    };
  }
  const startRunner = (events: EventEmitter) =>
    run({
      pgPool: pool,
      events,
      schema,
      taskList,
      concurrency,
      pollInterval: 500,
      noHandleSignals: true,
      // Longer than any job waits for another service: a job that is let finish completes, one cut off would be locked.
      gracefulShutdownAbortTimeout: 9_000,
      // Without a batch the library does not wait for a finished job to be marked as finished, also not when it stops.
      preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
      logger: new WorkerLogger(() => (level, message, meta) => {
        if (level === "error" || level === "warning")
          logger.warn({ err: errorIn(meta) }, `[JOB_QUEUE] ${withoutQuote(message)}`);
      }),
    });
  const runners = keepRunning(startRunner, logger);
  await runners.tried;
  const endObserving = observeJobQueue({ pool, service: options.service, schema, logger });
  return {
    async stop() {
      endObserving();
      await runners.stop();
      await leases.stop();
      await pool.end();
    },
  };
}

/**
 * P2: where Postgres says that it is only starting (57P03), the library's workers sleep for 3 s, then 4.5 s, and so on up to 2 minutes
 * each, and no job runs although Postgres has long been back. Without that code they ask again at the next poll.
 */
function refusePlainly(pool: pg.Pool): void {
  const connect = pool.connect.bind(pool);
  const connectPlainly = async () => {
    try {
      return await connect();
    } catch (error) {
      throw new Error("Postgres takes no connection.", { cause: error });
    }
  };
  type Callback = Parameters<typeof connect>[0];
  // With a callback the library listens, and takes care of its waits itself.
  pool.connect = ((callback?: Callback) => (callback ? connect(callback) : connectPlainly())) as typeof pool.connect;
}

/** Of what the library tells of a job, only its error: the rest holds the payload. */
const errorIn = (meta: { error?: unknown; fatalError?: unknown } | undefined) => meta?.error ?? meta?.fatalError;

/** The library's text without the error's, which may quote the payload. */
const withoutQuote = (message: string) => message.replace(/\b(error|failure) '.*/s, "$1");

/**
 * A runner shuts down by itself when the database is lost at the wrong moment, and does not start while it is away. The service must
 * outlive that: it has calls to answer, and an owner to alert without a database (P2). A runner that shuts down takes no more jobs, and
 * may never come to its end: the next one does not wait for it.
 */
function keepRunning(startRunner: (events: EventEmitter) => Promise<Runner>, logger: Logger) {
  const stopping = new AbortController();
  const { promise: tried, resolve } = Promise.withResolvers<void>();
  let current: Runner | undefined;
  const running = (async () => {
    while (!stopping.signal.aborted) {
      try {
        const events = new EventEmitter();
        const shutDown = new Promise<void>((ended) => events.once("pool:gracefulShutdown", () => ended()));
        const spoiled = untilSpoiled(events);
        current = await startRunner(events);
        resolve();
        if (stopping.signal.aborted) await current.stop();
        await Promise.race([current.promise, shutDown, spoiled]);
        // One that has ended already says so by rejecting.
        void current.stop().catch(() => undefined);
        if (!stopping.signal.aborted)
          logger.error("[JOB_QUEUE_LOST] the job queue is worked on by a new runner shortly");
      } catch (error) {
        if (stopping.signal.aborted) break;
        logger.error({ err: error }, "[JOB_QUEUE_LOST] the job queue cannot be worked on; tried again shortly");
      }
      current = undefined;
      resolve();
      await delay(restartDelayMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  })();
  return {
    /** Resolves once the first start has succeeded or failed. */
    tried,
    async stop() {
      stopping.abort();
      await current?.stop();
      await running;
    },
  };
}

/**
 * P2: the library keeps the answer to a runner's first question, which tasks it knows, also where that was an error: each later poll
 * then fails with it, for ever and without a word. Resolves when a runner's first poll fails.
 */
function untilSpoiled(events: EventEmitter): Promise<void> {
  return new Promise((spoiled) => {
    const onError = () => spoiled();
    events.once("worker:getJob:error", onError);
    for (const answered of ["worker:getJob:empty", "job:start"])
      events.once(answered, () => events.off("worker:getJob:error", onError));
  });
}

async function runOrPutBack(
  pool: pg.Pool,
  handler: JobHandler,
  { payload, attempt, traceparent }: { payload: unknown; attempt: number; traceparent: string | undefined },
  logger: Logger,
): Promise<void> {
  const { definition } = handler;
  try {
    await handler.run(payload, attempt);
  } catch (error) {
    markFailed(error);
    const pointless = hasReason(error, ...(definition.retry.giveUpOn ?? []));
    const delayMs = pointless ? undefined : retryDelayMs(definition.retry, attempt);
    if (delayMs === undefined) {
      logger.error({ err: error, task: definition.task, attempt }, `[JOB_GAVE_UP] ${definition.task}`);
      await handler.gaveUp(payload, error);
      return;
    }
    logger.warn(
      { err: error, task: definition.task, attempt },
      `[JOB_RETRY] ${definition.task} again in ${delayMs} ms`,
    );
    await enqueue(pool, definition, payload as z.input<typeof definition.payload>, {
      delayMs,
      attempt: attempt + 1,
      traceparent,
    });
  }
}
