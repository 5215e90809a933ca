import { randomUUID } from "node:crypto";
import { createPool, withTenant } from "@bookproof/postgres";
import { createLogger } from "@bookproof/service";
import { createTestDatabase, type TestDatabase } from "@bookproof/testing";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type pg from "pg";
import { openConversation } from "../queries/conversations.ts";
import { escalateConversation } from "./run-turn.ts";

const tenantId = randomUUID();
let database: TestDatabase;
let pool: pg.Pool;
beforeAll(async () => {
  database = await createTestDatabase();
  pool = createPool({ url: database.url, role: "bookproof_agent", logger: createLogger("test", "error") });
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

test("a journey that rolled on in the middle of a turn does not lose the flag, and keeps its own stage", async () => {
  const parties = { tenantId, customerPhone: "+15551230001", tenantPhone: "+15550100001" };
  const conversation = await withTenant(pool, tenantId, (client) =>
    openConversation(client, { ...parties, freshCid: "the turn's journey" }),
  );
  await database.query("UPDATE agent.conversations SET correlation_id = 'the next journey', stage = 'AGENT'");
  await withTenant(pool, tenantId, (client) =>
    escalateConversation(client, { tenantId, conversation, reason: "turn_failed", requested: {} }),
  );
  const { rows } = await database.query("SELECT needs_human, stage FROM agent.conversations");
  expect(rows).toEqual([{ needs_human: true, stage: "AGENT" }]);
  const jobs = await database.query("SELECT payload -> 'payload' ->> 'cid' AS cid FROM agent_jobs._private_jobs");
  expect(jobs.rows).toEqual([{ cid: "the next journey" }]);
});
