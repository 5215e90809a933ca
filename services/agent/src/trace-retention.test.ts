import { isDeepStrictEqual } from "node:util";
import { createPool } from "@bookproof/postgres";
import { createLogger } from "@bookproof/service";
import { createTestDatabase, eventually, type TestDatabase } from "@bookproof/testing";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { readConfig } from "./config.ts";
import { createDeps } from "./deps.ts";
import { createServer } from "./server.ts";
import { SMILE, SPARKS } from "./test/start-world.ts";

const days = 30;
let database: TestDatabase;
let cleanUp: (() => Promise<void>)[];
/** What was logged by the deletions that ended. */
let deleted: string[];
let warned: string[];

beforeEach(async () => {
  database = await createTestDatabase();
  cleanUp = [() => database.drop()];
  deleted = [];
  warned = [];
});
afterEach(async () => {
  for (const end of cleanUp.reverse()) await end();
});

/** Starts an agent that keeps traces for 30 days and deletes four a statement. */
async function startAgent(): Promise<void> {
  const config = readConfig({
    DATABASE_URL: database.url,
    LISTEN_ADDR: "127.0.0.1:0",
    BOOKING_ADDR: "127.0.0.1:9",
    NOTIFIER_ADDR: "127.0.0.1:9",
    TRACE_RETENTION_DAYS: String(days),
    LOG_LEVEL: "error",
  });
  const deps = createDeps({ ...config, traceRetention: { ...config.traceRetention, batchRows: 4, pauseMs: 0 } });
  Object.assign(deps.logger, {
    warn: (_fields: object, line: string) => warned.push(line),
    info: (_fields: object, line: string) => line.startsWith("[OLD_TRACES_DELETED]") && deleted.push(line),
  });
  const server = createServer(deps);
  await server.start();
  cleanUp.push(() => server.stop());
}

const insert = (tenantId: string, count: number, age: string) =>
  database.query(
    `INSERT INTO trace.sms_flow_traces (tenant_id, correlation_id, from_e164, direction, stage, stage_reason, created_at)
     SELECT $1, 'c', '+15551230001', 'internal', 'AGENT', $3::text, now() - $3::text::interval FROM generate_series(1, $2)`,
    [tenantId, count, age],
  );
const left = async () => {
  const { rows } = await database.query(
    "SELECT tenant_id, stage_reason AS age, count(*)::int AS n FROM trace.sms_flow_traces GROUP BY 1, 2 ORDER BY 1, 2",
  );
  return rows.map(({ tenant_id, age, n }) => [tenant_id, age, n]);
};
const planned = async () => {
  const { rows } = await database.query(
    `SELECT key, payload -> 'payload' ->> 'deleted' AS deleted, round(extract(epoch FROM run_at - now()) / 3600)::int AS hours
     FROM agent_jobs._private_jobs AS job JOIN agent_jobs._private_tasks AS task ON task.id = job.task_id
     WHERE identifier = 'delete_old_traces' AND locked_at IS NULL`,
  );
  return rows;
};

test("at start, what is older than it is kept goes in batches, whichever tenant's it is, and nothing else", async () => {
  await insert(SMILE, 9, "31 days");
  await insert(SPARKS, 5, "4 years");
  await insert(SMILE, 2, "29 days");
  await insert(SPARKS, 1, "1 second");
  await startAgent();
  await eventually("the end of the deletion", () => deleted.length > 0);
  expect(deleted).toEqual(["[OLD_TRACES_DELETED] 14 trace rows older than 30 days"]);
  expect(await left()).toEqual([
    [SMILE, "29 days", 2],
    [SPARKS, "1 second", 1],
  ]);
});

test("the next deletion is planned a day ahead, once, however many agents start, and finds what has grown old since", async () => {
  await startAgent();
  await startAgent();
  await eventually("a deletion without anything to delete", () => deleted.length > 0);
  const onlyTomorrows = () =>
    eventually("tomorrow's run alone", async () => {
      const tomorrows = { key: "delete_old_traces", deleted: null, hours: 24 };
      return isDeepStrictEqual(await planned(), [tomorrows]);
    });
  await onlyTomorrows();
  await insert(SMILE, 6, "31 days");
  await database.query("UPDATE agent_jobs._private_jobs SET run_at = now() WHERE key = 'delete_old_traces'");
  await eventually("tomorrow's deletion", async () => (await left()).length === 0);
  await onlyTomorrows();
});

test("a deletion that could not be planned at start is planned as soon as the queue takes it", async () => {
  await database.query("ALTER FUNCTION agent.enqueue RENAME TO enqueue_away");
  await startAgent();
  await eventually("a refused plan", () => warned.some((line) => line.startsWith("[TRACE_RETENTION_NOT_PLANNED]")));
  await database.query("ALTER FUNCTION agent.enqueue_away RENAME TO enqueue");
  await eventually("a deletion", () => deleted.length > 0);
});

test("only the agent deletes traces, only by that function, and nothing younger than a day", async () => {
  const { rows } = await database.query(
    `SELECT service FROM unnest(ARRAY['gateway', 'agent', 'booking', 'calendar', 'notifier']) AS service
     WHERE has_function_privilege('bookproof_' || service, 'trace.delete_old_traces(timestamptz, integer)', 'EXECUTE')`,
  );
  expect(rows).toEqual([{ service: "agent" }]);
  await insert(SMILE, 3, "23 hours");
  await insert(SMILE, 1, "25 hours");
  const pool = createPool({ url: database.url, role: "bookproof_agent", logger: createLogger("test", "error") });
  cleanUp.push(() => pool.end());
  await expect(pool.query("DELETE FROM trace.sms_flow_traces")).rejects.toThrow("permission denied");
  const ask = async (before: string, limit: string) =>
    (await pool.query(`SELECT trace.delete_old_traces(${before}, ${limit}) AS gone`)).rows[0].gone;
  expect(await ask("NULL", "10")).toBeNull();
  expect(await ask("now()", "NULL")).toBeNull();
  expect(await ask("'infinity'", "1000000")).toBe(1);
  expect(await left()).toEqual([[SMILE, "23 hours", 3]]);
});
