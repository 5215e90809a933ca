import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LocalPostgres, startLocalPostgres } from "@bookproof/local-postgres";
import { migrate } from "@bookproof/postgres";
import { eventually } from "@bookproof/testing";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import pg from "pg";
import { type InProcessWorld, startInProcessWorld } from "../support/in-process-world.ts";
import { untilNeedsHuman } from "../support/journeys.ts";
import { clinic, clinicId, clinicOwner, clinicPhone } from "../support/tenants.ts";

const snag = "I hit a snag confirming this. A human will text you shortly.";
/** Twilio waits so long for a webhook. */
const twilioWaitsMs = 15_000;

let dataDir: string;
let postgres: LocalPostgres;
let world: InProcessWorld;

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "bookproof-down-"));
  postgres = await startLocalPostgres({ dataDir: join(dataDir, "postgres"), fsync: false });
  await migrate(postgres.url);
  world = await startInProcessWorld({
    tenants: [clinic()],
    env: { DATABASE_URL: postgres.url },
    configure: {
      notifier: (config) => {
        const { times } = config;
        return {
          ...config,
          times: { ...times, sweep: { ...times.sweep, everyMs: 500, leaveMs: 1_000, backOffMs: [500] } },
        };
      },
    },
  });
}, 60_000);
afterAll(async () => {
  await world.close();
  await postgres.stop();
  rmSync(dataDir, { recursive: true, force: true });
}, 60_000);

async function rowsOf(statement: string, values: unknown[]) {
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  try {
    return (await client.query(statement, values)).rows;
  } finally {
    await client.end();
  }
}
const alertsAbout = (customer: string) => world.received(clinicOwner).filter((body) => body.includes(customer));

async function postAsTwilio(customer: string, body: string, messageSid?: string) {
  const begun = performance.now();
  const answer = await world.twilio.sendInbound({
    from: customer,
    to: clinicPhone,
    body,
    ...(messageSid ? { messageSid } : {}),
  });
  expect(performance.now() - begun).toBeLessThan(twilioWaitsMs);
  return answer;
}

/** The text was answered without us: stored for a human, never run as a turn, its one alert kept. */
async function expectLeftToHuman(customer: string, messageSid: string) {
  const stored = await eventually(
    "the text is taken in",
    async () => {
      const rows = await rowsOf("SELECT disposition FROM agent.inbound_messages WHERE message_sid = $1", [messageSid]);
      return rows.length > 0 && rows;
    },
    30_000,
  );
  const flow = await untilNeedsHuman(world, customer);
  expect(flow.conversations[0]).toMatchObject({ stage: "NEEDS_HUMAN", stageReason: "turn_failed" });
  expect(stored).toEqual([{ disposition: "left_to_human" }]);
  const cid = flow.conversations[0]?.cid;
  await eventually("the escalation on that journey", async () => {
    const rows = await rowsOf("SELECT status FROM notifier.escalations WHERE correlation_id = $1", [cid]);
    return rows[0]?.status === "alerted";
  });
  expect(world.received(customer).filter((body) => body !== snag)).toEqual([]);
  expect(alertsAbout(customer)).toHaveLength(1);
}

test("Postgres and booking away: neutral text in time, one alert however often it is posted, and later a human's conversation", async () => {
  const customer = "+15551240001";
  await world.ask("+15551240000", clinicPhone, "hi");
  await world.stop("booking");
  await postgres.stop();
  const first = await postAsTwilio(customer, "book me tomorrow");
  expect(first).toMatchObject({ status: 200, body: expect.stringContaining(snag) });
  expect(alertsAbout(customer)).toHaveLength(1);
  expect(await postAsTwilio(customer, "book me tomorrow", first.messageSid)).toMatchObject({ status: 200 });
  expect(alertsAbout(customer)).toHaveLength(1);

  postgres = await startLocalPostgres({ dataDir: join(dataDir, "postgres"), fsync: false, port: postgres.port });
  await world.start("booking");
  await expectLeftToHuman(customer, first.messageSid);
  expect(await world.ask(customer, clinicPhone, "hello?")).toMatch(/human/i);
}, 90_000);

test("Postgres away, and the notifier started again before it is back: the alert is not sent again, the text not answered twice", async () => {
  const customer = "+15551240002";
  await postgres.stop();
  const { messageSid, status } = await postAsTwilio(customer, "book me tomorrow");
  expect(status).toBe(200);
  await world.stop("notifier");
  postgres = await startLocalPostgres({ dataDir: join(dataDir, "postgres"), fsync: false, port: postgres.port });
  await world.start("notifier");
  await expectLeftToHuman(customer, messageSid);
}, 90_000);

test("an alert that was sent while there was a database is not sent again when its raiser asks once more without one", async () => {
  const customerPhone = "+15551240005";
  const alert = {
    ...{
      tenantId: clinicId,
      cid: "raised-twice",
      conversationId: "",
      attemptId: "",
      reason: "turn_failed",
      customerText: "",
    },
    requested: { customerPhone, customerName: "", start: undefined, offeringName: "", calendarName: "", address: "" },
  };
  await world.notifier.notifyOwnerBookingFailure(alert);
  await eventually("the alert", () => alertsAbout(customerPhone).length > 0);
  await postgres.stop();
  await world.notifier.notifyOwnerBookingFailure(alert, { deadline: 10_000 });
  expect(alertsAbout(customerPhone)).toHaveLength(1);
  postgres = await startLocalPostgres({ dataDir: join(dataDir, "postgres"), fsync: false, port: postgres.port });
}, 60_000);

test("the agent away: the same, from the alert that was stored", async () => {
  const customer = "+15551240003";
  await world.stop("agent");
  const { messageSid, status } = await postAsTwilio(customer, "book me tomorrow");
  expect(status).toBe(200);
  await world.start("agent");
  await expectLeftToHuman(customer, messageSid);
}, 90_000);

test("agent and notifier away: 503, so that Twilio tries elsewhere, and the sweep takes the text in and answers it", async () => {
  const customer = "+15551240004";
  await world.stop("agent");
  await world.stop("notifier");
  expect(await postAsTwilio(customer, "hi")).toMatchObject({ status: 503 });
  expect(world.received(customer)).toEqual([]);
  await world.start("notifier");
  await world.start("agent");
  await eventually("the answer", () => world.received(customer).length > 0, 20_000);
  await world.ask(customer, clinicPhone, "what services do you have?");
  expect(world.received(customer)).toHaveLength(2);
  expect(alertsAbout(customer)).toEqual([]);
}, 90_000);
