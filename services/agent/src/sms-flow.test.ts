import { eventually } from "@bookproof/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { SMILE, SPARKS, startWorld, type World } from "./test/start-world.ts";

const customer = "+15551230001";
const business = "+15550100001";
const start = Date.now() - 3_600_000;

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());
beforeEach(async () => {
  await world.query("TRUNCATE trace.sms_flow_traces, agent.conversations RESTART IDENTITY");
});

interface Step {
  at: number;
  tenantId?: string;
  cid?: string;
  from?: string;
  to?: string | null;
}
/** Writes one row each, `at` seconds after the start, its reason being that number. */
async function insert(...steps: Step[]): Promise<void> {
  for (const { at, tenantId = SMILE, cid = "c-1", from = customer, to = null } of steps) {
    await world.query(
      `INSERT INTO trace.sms_flow_traces (tenant_id, correlation_id, from_e164, to_e164, direction, stage, stage_reason, created_at)
       VALUES ($1, $2, $3, $4, 'internal', 'AGENT', $5, $6)`,
      [tenantId, cid, from, to, String(at), new Date(start + at * 1_000)],
    );
  }
}
const insertConversation = (tenantId: string, cid: string, phone = customer) =>
  world.query(
    `INSERT INTO agent.conversations (tenant_id, customer_phone, tenant_phone, correlation_id, stage, stage_reason, last_error, last_tool, last_tool_ok, updated_at)
     VALUES ($1, $2, $3, $4, 'NEEDS_HUMAN', 'calendar_failed_after_confirm', 'calendar_refused', 'confirm_booking', false, $5)`,
    [tenantId, phone, business, cid, new Date(start)],
  );

const byCid = (value: string, more: { tenantId?: string; limit?: number } = {}) =>
  world.agent.getSmsFlow({ tenantId: SMILE, subject: { $case: "cid", value }, ...more });
const byPhone = (value: string, more: { tenantId?: string; limit?: number } = {}) =>
  world.agent.getSmsFlow({ tenantId: SMILE, subject: { $case: "phone", value }, ...more });
const reasons = async (flow: ReturnType<typeof byCid>) => (await flow).traces.map(({ stageReason }) => stageReason);

describe("the rows of a journey", () => {
  test("are the last ones, newest last, whatever order they were written in", async () => {
    await insert({ at: 1 }, { at: 5 }, { at: 2 }, { at: 4 }, { at: 3 });
    expect(await reasons(byCid("c-1"))).toEqual(["1", "2", "3", "4", "5"]);
    expect(await reasons(byCid("c-1", { limit: 2 }))).toEqual(["4", "5"]);
    expect(await reasons(byPhone(customer, { limit: 3 }))).toEqual(["3", "4", "5"]);
  });

  test("of one instant keep the order in which they were written", async () => {
    await insert({ at: 1, cid: "c-1" }, { at: 1, cid: "c-2" }, { at: 1, cid: "c-3" });
    const { traces } = await byPhone(customer, { limit: 2 });
    expect(traces.map(({ cid }) => cid)).toEqual(["c-2", "c-3"]);
  });

  test("are 200 where no number is asked for, and 1000 at most", async () => {
    await world.query(
      `INSERT INTO trace.sms_flow_traces (tenant_id, correlation_id, from_e164, direction, stage, stage_reason)
       SELECT $1, 'c-long', $2, 'internal', 'AGENT', n FROM generate_series(1, 1100) AS n`,
      [SMILE, customer],
    );
    const usual = await reasons(byCid("c-long"));
    expect([usual.length, usual[0], usual.at(-1)]).toEqual([200, "901", "1100"]);
    expect(await reasons(byCid("c-long", { limit: 1_000 }))).toHaveLength(1_000);
    await expect(byCid("c-long", { limit: 1_001 })).rejects.toMatchObject({ reason: "invalid_argument" });
    await expect(byCid("c-long", { limit: -1 })).rejects.toMatchObject({ reason: "invalid_argument" });
  });
});

describe("by phone", () => {
  test("come the rows from it and to it, each once, of all its journeys", async () => {
    await insert(
      { at: 1, from: customer, to: business },
      { at: 2, from: business, to: customer, cid: "c-2" },
      { at: 3, from: customer, to: customer },
      { at: 4, from: "+15559999999", to: business },
    );
    expect(await reasons(byPhone(customer))).toEqual(["1", "2", "3"]);
  });

  test("come the stage fields of its conversations", async () => {
    await insertConversation(SMILE, "c-1");
    await insertConversation(SMILE, "c-other", "+15557654321");
    expect((await byPhone(customer)).conversations).toEqual([
      {
        conversationId: expect.any(String),
        tenantId: SMILE,
        cid: "c-1",
        customerPhone: customer,
        stage: "NEEDS_HUMAN",
        stageReason: "calendar_failed_after_confirm",
        lastError: "calendar_refused",
        lastTool: "confirm_booking",
        lastToolOk: false,
        needsHuman: false,
        updatedAt: new Date(start),
      },
    ]);
  });
});

describe("a tenant", () => {
  test("sees its own rows alone, and is found by its id in any case", async () => {
    await insert({ at: 1 }, { at: 2, tenantId: SPARKS });
    await insertConversation(SPARKS, "c-1");
    expect(await reasons(byCid("c-1", { tenantId: SMILE.toUpperCase() }))).toEqual(["1"]);
    expect((await byCid("c-1")).conversations).toEqual([]);
    expect(await byCid("c-foreign")).toEqual(await byPhone("+15550009999"));
  });

  test("left open means every tenant's newest rows, in one order", async () => {
    await insert({ at: 1 }, { at: 2, tenantId: SPARKS }, { at: 3 }, { at: 4, tenantId: SPARKS });
    const everywhere = { tenantId: "" };
    expect(await reasons(byCid("c-1", everywhere))).toEqual(["1", "2", "3", "4"]);
    expect(await reasons(byPhone(customer, { ...everywhere, limit: 3 }))).toEqual(["2", "3", "4"]);
  });

  test("left open also finds a conversation whose traces are gone", async () => {
    await insertConversation(SPARKS, "c-old");
    for (const flow of [await byCid("c-old", { tenantId: "" }), await byPhone(customer, { tenantId: "" })]) {
      expect(flow.conversations.map(({ tenantId, cid }) => [tenantId, cid])).toEqual([[SPARKS, "c-old"]]);
    }
  });
});

test("what a customer wrote is not in it, only how long it was", async () => {
  const body = "I am Jane Roe of 12 Main St, book me tomorrow";
  await world.agent.receiveSms({ tenantId: SMILE, messageSid: "SM1", from: customer, to: business, body });
  const inbound = await byPhone(customer);
  expect(JSON.parse(inbound.traces[0]?.payloadJson ?? "{}")).toMatchObject({ bodyLength: body.length });
  const answered = await eventually("the turn's answer", async () => {
    const { traces } = await byPhone(customer);
    return traces.some(({ stageReason }) => stageReason === "turn answered") && traces;
  });
  expect(answered.map(({ payloadJson, stageReason }) => payloadJson + stageReason).join()).not.toMatch(/Jane|Main St/);
});
