import { eventually } from "@bookproof/testing";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type InProcessWorld, startInProcessWorld } from "../support/in-process-world.ts";
import { flowOf } from "../support/journeys.ts";
import { clinic, clinicId, clinicPhone, plumber, plumberId, plumberPhone } from "../support/tenants.ts";

const blocked = "+15559990000";
let world: InProcessWorld;
beforeAll(async () => {
  world = await startInProcessWorld({ tenants: [clinic(), plumber()], env: { INTERNAL_BLOCKLIST_E164: blocked } });
}, 60_000);
afterAll(() => world.close());

const traced = async (customer: string, stage: string, reason?: string) => {
  const { rows } = await world.database.query(
    "SELECT count(*)::int AS n FROM trace.sms_flow_traces WHERE (from_e164 = $1 OR to_e164 = $1) AND stage = $2 AND ($3::text IS NULL OR stage_reason = $3)",
    [customer, stage, reason ?? null],
  );
  return rows[0].n as number;
};

test("the same webhook five times at once is one message, one turn, one reply", async () => {
  const customer = "+15551230001";
  const messageSid = `SM${"1".repeat(32)}`;
  const text = { from: customer, to: clinicPhone, body: "hi", messageSid };
  const answers = await Promise.all([1, 2, 3, 4, 5].map(() => world.twilio.sendInbound(text)));
  expect(answers.map((answer) => answer.status)).toEqual([204, 204, 204, 204, 204]);
  await eventually("the reply", () => world.received(customer).length > 0);
  await world.ask(customer, clinicPhone, "book me tomorrow");
  expect(world.received(customer)).toHaveLength(2);
  expect(await traced(customer, "AGENT", "turn started")).toBe(2);
});

test("a reaction is stored, answered with 204 and with nothing else", async () => {
  const customer = "+15551230002";
  expect(await world.text(customer, clinicPhone, "Loved “Your appointment is all set”")).toBe(204);
  expect(await traced(customer, "SKIP", "reaction")).toBe(1);
  await world.ask(customer, clinicPhone, "hi");
  expect(world.received(customer)).toHaveLength(1);
});

test("a blocked number is traced as skipped and never answered", async () => {
  expect(await world.text(blocked, clinicPhone, "book me tomorrow")).toBe(204);
  expect(await traced(blocked, "SKIP", "internal_blocklist")).toBe(1);
  await world.ask("+15551230003", clinicPhone, "hi");
  expect(world.received(blocked)).toEqual([]);
});

test("after STOP nothing is sent until START", async () => {
  const customer = "+15551230004";
  await world.ask(customer, clinicPhone, "hi");
  await world.text(customer, clinicPhone, "STOP");
  await eventually("the opt-out", async () => {
    const { rows } = await world.database.query("SELECT 1 FROM notifier.opt_outs WHERE phone_e164 = $1 AND opted_out", [
      customer,
    ]);
    return rows.length === 1;
  });
  const before = world.received(customer).length;
  await world.text(customer, clinicPhone, "book me tomorrow");
  await eventually("the skipped reply", async () => (await traced(customer, "SKIP", "customer_opted_out")) > 0);
  expect(world.received(customer)).toHaveLength(before);
  await world.text(customer, clinicPhone, "START");
  await eventually("the opt-in", async () => {
    const { rows } = await world.database.query(
      "SELECT 1 FROM notifier.opt_outs WHERE phone_e164 = $1 AND NOT opted_out",
      [customer],
    );
    return rows.length === 1;
  });
  expect(await world.ask(customer, clinicPhone, "book me tomorrow")).toMatch(/1\) /);
});

test("a bare CANCEL is an opt-out, and the owner hears what it may mean", async () => {
  const customer = "+15551230005";
  await world.text(customer, clinicPhone, "Cancel");
  await eventually("the owner's alert", () =>
    world.received("+15550100900").some((body) => body.includes(customer) && /cancel/i.test(body)),
  );
});

test.each([
  ["an empty body", ""],
  ["emoji only", "🙂🙂"],
  ["1,600 characters", "a b ".repeat(400)],
  ["right-to-left text", "أريد حجز موعد غدا"],
  ["a NUL and control characters", "book\u0000 me \u0007tomorrow"],
  ["SQL", "'; DROP TABLE booking.appointments; --"],
])("%s gets a sensible answer, never an error", async (_title, body) => {
  const customer = `+1555124${String(Math.trunc(Math.random() * 10_000)).padStart(4, "0")}`;
  expect((await world.ask(customer, clinicPhone, body)).length).toBeGreaterThan(10);
});

test("a picture without text gets a sensible answer", async () => {
  const customer = "+15551250001";
  await world.twilio.sendInbound({
    from: customer,
    to: clinicPhone,
    body: "",
    mediaUrls: ["https://example.com/a.jpg"],
  });
  expect(await eventually("an answer", () => world.received(customer)[0])).toMatch(/\w{3}/);
});

test("two tenants do not see each other: one customer, two businesses, two journeys", async () => {
  const customer = "+15551260001";
  await world.ask(customer, clinicPhone, "book me tomorrow morning");
  const plumbing = await world.ask(customer, plumberPhone, "hi");
  expect(plumbing).toMatch(/Harbor Plumbing/);
  const { conversations } = await flowOf(world, customer);
  expect(new Set(conversations.map((conversation) => conversation.cid)).size).toBe(2);
  const [clinicToken, plumberToken] = await Promise.all([clinicId, plumberId].map(tokenOf));
  const clinicCid = conversations.find((conversation) => conversation.tenantId === clinicId)?.cid;
  expect((await world.get(`/api/debug/sms-flow/${clinicCid}`, clinicToken)).status).toBe(200);
  const refused = await world.get(`/api/debug/sms-flow/${clinicCid}`, plumberToken);
  expect(refused.status).toBe(404);
  expect(await refused.text()).not.toContain(String(clinicCid));
});

async function tokenOf(tenantId: string): Promise<string> {
  const answer = await fetch(`${world.gatewayUrl}/api/admin/tokens`, {
    method: "POST",
    headers: { authorization: "Bearer in-process-world-admin-token", "content-type": "application/json" },
    body: JSON.stringify({ tenantId, role: "tenant_admin" }),
  });
  const { token } = (await answer.json()) as { token: string };
  return token;
}
