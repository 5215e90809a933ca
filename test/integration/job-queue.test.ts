import { BookproofError } from "@bookproof/errors";
import { createPool, defineJob, enqueue, jobHandlers, startJobWorker, withTenant } from "@bookproof/postgres";
import { createLogger } from "@bookproof/service";
import { createTestDatabase, eventually, startTcpProxy, type TestDatabase } from "@bookproof/testing";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type pg from "pg";
import { z } from "zod";

const tenantId = "a0000000-0000-0000-0000-000000000001";
const logger = createLogger("test", "silent");
const job = (task: string) =>
  defineJob({
    service: "agent",
    task,
    payload: z.object({ n: z.number() }),
    queue: () => `queue:${task}`,
    retry: { delaysMs: [50], forever: true },
  });

let database: TestDatabase;
let pool: pg.Pool;
beforeAll(async () => {
  database = await createTestDatabase();
  pool = createPool({ url: database.url, role: "bookproof_agent", logger });
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const add = (...args: [ReturnType<typeof job>, number, { delayMs?: number; key?: string }?]) =>
  withTenant(pool, tenantId, (client) => enqueue(client, args[0], { n: args[1] }, args[2]));
const startWorker = (handlers: ReturnType<typeof jobHandlers>, leaseMs: number) =>
  startJobWorker({ url: database.url, service: "agent", handlers: handlers.handlers, logger, leaseMs });

test("a job whose worker was killed runs again within seconds, and its queue goes on", async () => {
  const killed = job("killed");
  await add(killed, 1);
  await add(killed, 2);
  await database.query(
    `UPDATE agent_jobs._private_jobs SET locked_at = now() - interval '3 seconds', locked_by = 'pool-of-the-dead', attempts = 1
     WHERE payload -> 'payload' ->> 'n' = '1'`,
  );
  await database.query(
    "UPDATE agent_jobs._private_job_queues SET locked_at = now() - interval '3 seconds', locked_by = 'pool-of-the-dead'",
  );
  const ran: number[] = [];
  const worker = await startWorker(
    jobHandlers().add(killed, async ({ n }) => void ran.push(n)),
    2_000,
  );
  await eventually("both jobs", () => ran.length === 2);
  await worker.stop();
  expect(ran.sort()).toEqual([1, 2]);
});

test("a worker that loses Postgres with its first question works on as soon as it is back", async () => {
  const first = job("first_question");
  await add(first, 1);
  const server = new URL(database.url);
  let cuts = 0;
  const proxy = await startTcpProxy({
    upstream: () => ({ host: server.hostname, port: Number(server.port) }),
    onClientChunk(connection, chunk) {
      if (cuts >= 2 || !chunk.includes("_private_tasks as tasks (identifier) select i from unnest")) return;
      cuts++;
      connection.cut();
    },
  });
  const through = new URL(database.url);
  through.port = String(proxy.port);
  const ran: number[] = [];
  const { handlers } = jobHandlers().add(first, async ({ n }) => void ran.push(n));
  const worker = await startJobWorker({ url: through.href, service: "agent", handlers, logger });
  await eventually("the job", () => ran.length === 1);
  expect(cuts).toBe(2);
  await worker.stop();
  await proxy.close();
});

test("a job that takes longer than a lease keeps it and runs once", async () => {
  const long = job("long");
  const leaseMs = 300;
  let runs = 0;
  let finish = () => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const handlers = jobHandlers().add(long, async () => {
    runs++;
    await finished;
  });
  const [worker, other] = await Promise.all([startWorker(handlers, leaseMs), startWorker(handlers, leaseMs)]);
  await add(long, 1);
  const lockedAt = async () => {
    const { rows } = await database.query("SELECT max(locked_at) AS at FROM agent_jobs._private_jobs");
    return rows[0].at as Date | null;
  };
  const first = await eventually("the job is taken", async () => (await lockedAt()) ?? undefined);
  await eventually("its lease is renewed for longer than one", async () => {
    const at = await lockedAt();
    return at !== null && at.getTime() - first.getTime() > 3 * leaseMs;
  });
  finish();
  await eventually("the job is done", async () => (await lockedAt()) === null);
  await Promise.all([worker.stop(), other.stop()]);
  expect(runs).toBe(1);
});

test("asking again for a waiting job does not put it off", async () => {
  const watched = job("watched");
  await add(watched, 1, { delayMs: 60_000, key: "watch" });
  const { rows: before } = await database.query("SELECT run_at FROM agent_jobs.jobs WHERE key = 'watch'");
  await add(watched, 2, { delayMs: 60_000, key: "watch" });
  const { rows: after } = await database.query("SELECT run_at FROM agent_jobs.jobs WHERE key = 'watch'");
  expect(after).toEqual(before);
});

test("a connection that is cut in the middle of a transaction fails that transaction alone", async () => {
  const work = withTenant(pool, tenantId, async (client) => {
    const { rows } = await client.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
    await database.query("SELECT pg_terminate_backend($1)", [rows[0]?.pid]);
    await eventually("the connection is gone", async () => {
      const seen = await database.query("SELECT 1 FROM pg_stat_activity WHERE pid = $1", [rows[0]?.pid]);
      return seen.rows.length === 0;
    });
    await client.query("SELECT 1");
  });
  await expect(work).rejects.toThrow();
  expect((await withTenant(pool, tenantId, (client) => client.query("SELECT 1 AS one"))).rows).toEqual([{ one: 1 }]);
});

test("a job whose next try is pointless gives up at once", async () => {
  const hopeless = {
    ...job("hopeless"),
    retry: { delaysMs: [50], forever: true, giveUpOn: ["invalid_argument"] as const },
  };
  await add(hopeless, 1);
  let tries = 0;
  let gaveUp = 0;
  const handlers = jobHandlers().add(
    hopeless,
    async () => {
      tries += 1;
      throw new BookproofError("invalid_argument");
    },
    async () => {
      gaveUp += 1;
    },
  );
  const worker = await startWorker(handlers, 5_000);
  await eventually("the end of it", () => gaveUp === 1);
  await worker.stop();
  expect(tries).toBe(1);
});
