import { randomInt } from "node:crypto";
import { deterministicUuid } from "@bookproof/postgres";
import { eventually } from "@bookproof/testing";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { times } from "./config.ts";
import { SMILE, SPARKS, smile, sparks, startWorld, type World } from "./test/start-world.ts";

const OWNER = "+15550100900";
const [smileNumber = ""] = smile.phoneNumbers;
const [sparksNumber = ""] = sparks.phoneNumbers;
const leaveMs = 1_500;
/** Two businesses on one account of Twilio's. */
const partner = { ...sparks, twilio: smile.twilio };

let world: World;
let customer: string;

beforeAll(async () => {
  world = await startWorld({
    connections: [smile, partner],
    times: { sweep: { ...times.sweep, everyMs: 100, leaveMs, backOffMs: [300] } },
  });
  const { accountSid = "", authToken = "" } = smile.twilio ?? {};
  world.twilio.addAccount({ sid: accountSid, authToken, phoneNumbers: [smileNumber, sparksNumber] });
}, 60_000);
afterAll(() => world.stop());
beforeEach(() => {
  customer = `+1555123${String(randomInt(10_000)).padStart(4, "0")}`;
});
afterEach(() => {
  world.twilio.faults.clear();
  world.agent.state.isDown = false;
});

/** A text whose webhook never reached us. */
async function missed(body: string, to = smileNumber): Promise<string> {
  return (await world.twilio.sendInbound({ from: customer, to, body, post: false })).messageSid;
}
const takenIn = (sid: string) => eventually(`${sid} is taken in`, () => world.agent.taken.get(sid));
const alertsTo = (phone: string, cid: string) => world.textsTo(phone).filter((text) => text.includes(cid));

test("what the webhook missed is taken in, oldest first, each business its own, once it is not on its way any more", async () => {
  const first = await missed("first");
  const second = await missed("second", sparksNumber);
  const third = await missed("third");
  const request = await takenIn(first);
  expect(request).toMatchObject({
    tenantId: SMILE,
    from: customer,
    to: smileNumber,
    body: "first",
    leftToHuman: false,
  });
  const sentAt = world.twilio.ledger.message(first)?.sentAt ?? 0;
  // Twilio counts whole seconds.
  expect(Date.now() - Math.trunc(sentAt / 1_000) * 1_000).toBeGreaterThanOrEqual(leaveMs);
  expect(request.sentAt?.getTime()).toBe(Math.trunc(sentAt / 1_000) * 1_000);
  expect(await takenIn(second)).toMatchObject({ tenantId: SPARKS, to: sparksNumber });
  await takenIn(third);
  const order = [...world.agent.taken.keys()];
  expect(order.indexOf(first)).toBeLessThan(order.indexOf(third));
});

test("our own texts are never taken in", async () => {
  await world.notifier.notifyOwnerBookingFailure({
    tenantId: SMILE,
    cid: "own",
    reason: "turn_failed",
    requested: { customerPhone: smileNumber },
  });
  await takenIn(await missed("hello"));
  for (const { from } of world.agent.taken.values()) expect([smileNumber, sparksNumber]).not.toContain(from);
});

test("while the agent is down nothing is lost, and the sweep reaches back to where it was", async () => {
  world.agent.state.isDown = true;
  const sid = await missed("is anybody there?");
  await eventually("a failed sweep", () =>
    world.lines.some((line) => line.includes("[SWEEP_FAILED]") && line.includes(SMILE)),
  );
  expect(world.agent.taken.has(sid)).toBe(false);
  world.agent.state.isDown = false;
  await takenIn(sid);
});

test("a tenant that Twilio tells to slow down waits, and the other's texts come in", async () => {
  const slow = await missed("slow");
  const other = await missed("other", sparksNumber);
  world.twilio.faults.add({ kind: "fail-before", status: 429, match: { method: "GET", to: smileNumber } });
  await takenIn(other);
  const tries = () => world.twilio.faults.list()[0]?.fired ?? 0;
  await eventually("a refused sweep", () => tries() > 0);
  expect(world.agent.taken.has(slow)).toBe(false);
  world.twilio.faults.clear();
  await takenIn(slow);
});

test("a tenant whose credentials are refused raises the alarm once, and stops no other", async () => {
  const alarms = async () =>
    (await world.database.query("SELECT 1 FROM notifier.escalations WHERE reason = 'twilio_credentials_failed'")).rows
      .length;
  const other = await missed("other", sparksNumber);
  world.twilio.faults.add({ kind: "fail-before", status: 401, code: 20003, match: { method: "GET", to: smileNumber } });
  await takenIn(other);
  await eventually("three refused sweeps", () => (world.twilio.faults.list()[0]?.fired ?? 0) >= 3);
  expect(await alarms()).toBe(1);
  const sid = await missed("hello");
  world.twilio.faults.clear();
  await takenIn(sid);
  const ended = async () =>
    (await world.database.query("SELECT 1 FROM notifier.credential_outages WHERE ended_at IS NULL")).rows.length === 0;
  await eventually("the end of the outage", ended);
});

test("what the gateway answered in the agent's absence is left to a human, under its alert", async () => {
  const sid = await missed("book me");
  const cid = deterministicUuid("sms_not_taken_in", SMILE, sid);
  const { escalationId } = await world.notifier.notifyOwnerBookingFailure({
    tenantId: SMILE,
    cid,
    reason: "turn_failed",
    requested: { customerPhone: customer },
  });
  expect(await takenIn(sid)).toMatchObject({ leftToHuman: true });
  await eventually("the escalation on the conversation's journey", async () => {
    const { rows } = await world.database.query(
      "SELECT correlation_id AS cid, conversation_id AS conversation FROM notifier.escalations WHERE id = $1",
      [escalationId],
    );
    return (
      rows[0]?.cid === `cid of ${sid}` && rows[0]?.conversation === `conversation of ${customer} and ${smileNumber}`
    );
  });
  expect(alertsTo(OWNER, cid)).toHaveLength(1);
});

test("an alert that nothing but Twilio remembers is found by its reference: left to a human, stored, not sent again", async () => {
  world.agent.state.isDown = true;
  const sid = await missed("book me");
  const cid = deterministicUuid("sms_not_taken_in", SMILE, sid);
  const alert = { tenantId: SMILE, cid, reason: "turn_failed", requested: { customerPhone: customer } };
  await world.database.query("REVOKE INSERT ON notifier.escalations FROM bookproof_notifier");
  await world.notifier.notifyOwnerBookingFailure(alert);
  expect(alertsTo(OWNER, cid)).toHaveLength(1);
  await world.restart();
  await world.database.query("GRANT INSERT ON notifier.escalations TO bookproof_notifier");
  world.agent.state.isDown = false;
  expect(await takenIn(sid)).toMatchObject({ leftToHuman: true });
  const isStored = async () =>
    (await world.database.query("SELECT status FROM notifier.escalations WHERE key = $1", [`${cid}:turn_failed`]))
      .rows[0]?.status === "alerted";
  await eventually("the stored escalation", isStored);
  expect(alertsTo(OWNER, cid)).toHaveLength(1);
});

/** The sweep at start is over. */
const firstSweep = (of: World) =>
  eventually("the first sweep", async () => {
    const { rows } = await of.database.query("SELECT count(*) FROM notifier.inbound_sweeps");
    return Number(rows[0]?.count) > 0;
  });

test("a text that the gateway could not hand over is fetched long before the next sweep: its conversation waits for the flag", async () => {
  const rare = await startWorld({ times: { sweep: { ...times.sweep, everyMs: 3_600_000, leaveMs: 500 } } });
  try {
    await firstSweep(rare);
    const { messageSid } = await rare.twilio.sendInbound({
      ...{ from: customer, to: smileNumber, body: "CONFIRM", post: false },
    });
    const cid = deterministicUuid("sms_not_taken_in", SMILE, messageSid);
    const requested = { customerPhone: customer };
    await rare.notifier.notifyOwnerBookingFailure({ tenantId: SMILE, cid, reason: "turn_failed", requested });
    const request = await eventually("the text", () => rare.agent.taken.get(messageSid), 15_000);
    expect(request).toMatchObject({ leftToHuman: true, body: "CONFIRM" });
  } finally {
    await rare.stop();
  }
}, 60_000);

test("each start sweeps at once, and a text that it leaves because it is so young does not wait for the next sweep", async () => {
  const rare = await startWorld({ times: { sweep: { ...times.sweep, everyMs: 3_600_000, leaveMs: 6_000 } } });
  try {
    await firstSweep(rare);
    const { messageSid } = await rare.twilio.sendInbound({
      ...{ from: customer, to: smileNumber, body: "CONFIRM", post: false },
    });
    await rare.restart();
    await eventually("the text", () => rare.agent.taken.get(messageSid), 20_000);
  } finally {
    await rare.stop();
  }
}, 60_000);
