import { randomInt, randomUUID } from "node:crypto";
import { deterministicUuid } from "@bookproof/postgres";
import { type GetBookingProofResponse, ProofStatus } from "@bookproof/proto/booking";
import { eventually } from "@bookproof/testing";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { startMailbox } from "./test/mailbox.ts";
import { SMILE, smile, sparks, startWorld, type World } from "./test/start-world.ts";

const OWNER = "+15550100900";
const timelyMs = 6_000;
let mailbox: Awaited<ReturnType<typeof startMailbox>>;
let world: World;
let customer: string;
let cid: string;

beforeAll(async () => {
  mailbox = await startMailbox();
  const owner = { phone: OWNER, vipPhone: "", email: "owner@smile.example", hotLeadAlertPhone: "" };
  world = await startWorld({ smtpUrl: mailbox.url, connections: [{ ...smile, owner }, sparks], times: { timelyMs } });
}, 60_000);
afterAll(async () => {
  await world.stop();
  mailbox.close();
});
beforeEach(() => {
  cid = randomUUID();
  customer = `+1555123${String(randomInt(10_000)).padStart(4, "0")}`;
});
afterEach(() => world.twilio.faults.clear());

async function send(text: string): Promise<string> {
  const key = `reply:${randomUUID()}`;
  const content = { $case: "freeText" as const, value: { text, appointmentId: "" } };
  await world.notifier.sendToCustomer({ tenantId: SMILE, cid, to: customer, key, content });
  return key;
}
const stateOf = async (key: string) =>
  (await world.database.query("SELECT status, error_message AS error FROM notifier.messages WHERE key = $1", [key]))
    .rows[0];
const received = (count: number) =>
  eventually(`${count} texts`, () => world.textsTo(customer).length >= count && world.textsTo(customer));
const refused = (times: number) =>
  eventually(`${times} refusals`, () => (world.twilio.faults.list()[0]?.fired ?? 0) >= times);
const alerts = () => world.textsTo(OWNER).filter((text) => text.includes(cid));

describe("while Twilio asks to slow down", () => {
  test("a text is tried as often as it takes, and what follows keeps its place", async () => {
    world.twilio.faults.add({ kind: "fail-before", status: 429, times: 4, match: { to: customer } });
    await send("first");
    await send("second");
    expect(await received(2)).toEqual(["first", "second"]);
  });

  test("its Retry-After is waited for", async () => {
    world.twilio.faults.add({ kind: "fail-before", status: 429, retryAfter: 2, times: 1, match: { to: customer } });
    await send("hello");
    await refused(1);
    const refusedAt = performance.now();
    await received(1);
    expect(performance.now() - refusedAt).toBeGreaterThan(1_500);
  });

  test("a text that nobody waits for any more is ended and listed, not sent late", async () => {
    world.twilio.faults.add({ kind: "fail-before", status: 429, match: { to: customer } });
    const key = await send("hello");
    await eventually("the end", async () => (await stateOf(key))?.status === "failed");
    expect(await stateOf(key)).toEqual({ status: "failed", error: "too_late" });
    world.twilio.faults.clear();
    await send("later");
    expect(await received(1)).toEqual(["later"]);
  });

  test("a customer who texts STOP meanwhile gets none of what waits", async () => {
    world.twilio.faults.add({ kind: "fail-before", status: 429, match: { to: customer } });
    const key = await send("hello");
    await refused(1);
    const stop = { phone: customer, optedOut: true, keyword: "STOP", messageSid: `SM${randomUUID()}` };
    await world.notifier.recordOptOut({ tenantId: SMILE, ...stop, receivedAt: new Date() });
    world.twilio.faults.clear();
    await eventually("the end", async () => (await stateOf(key))?.status === "blocked");
    expect(await stateOf(key)).toEqual({ status: "blocked", error: "customer_opted_out" });
    expect(world.textsTo(customer)).toEqual([]);
  });
});

describe("while Twilio refuses the tenant's credentials", () => {
  const mails = () => mailbox.lines.filter((line) => line.startsWith("Subject: Bookproof: Twilio refuses"));
  const openOutages = async () =>
    (await world.database.query("SELECT 1 FROM notifier.credential_outages WHERE ended_at IS NULL")).rows.length;

  test("the owner hears it once by e-mail; texts wait, go out in order once it takes them, and then it is over", async () => {
    world.twilio.faults.add({ kind: "fail-before", status: 401, code: 20003 });
    await send("first");
    await send("second");
    await refused(3);
    await eventually("the mail", () => mails().length > 0);
    expect(await openOutages()).toBe(1);
    expect(world.textsTo(customer)).toEqual([]);
    world.twilio.faults.clear();
    expect(await received(2)).toEqual(["first", "second"]);
    await eventually("the end of the outage", async () => (await openOutages()) === 0);
    expect(mails()).toHaveLength(1);
    const { rows } = await world.database.query(
      "SELECT status FROM notifier.escalations WHERE reason = 'twilio_credentials_failed'",
    );
    expect(rows).toEqual([{ status: "resolved" }]);
  });
});

test("an owner who texted STOP and does not answer calls is reached by e-mail", async () => {
  const refuse = { kind: "fail-before" as const, status: 400 };
  world.twilio.faults.add({ ...refuse, code: 21610, match: { method: "POST", path: "/Messages.json", to: OWNER } });
  world.twilio.faults.add({ ...refuse, code: 21215, match: { method: "POST", path: "/Calls.json" } });
  const requested = { customerPhone: customer };
  await world.notifier.notifyOwnerBookingFailure({ tenantId: SMILE, cid, reason: "human_requested", requested });
  await eventually("the mail", () =>
    mailbox.lines.some((line) => line.startsWith("Subject:") && line.includes(customer)),
  );
  const { rows } = await world.database.query(
    "SELECT channel, status FROM notifier.messages WHERE correlation_id = $1 ORDER BY created_at",
    [cid],
  );
  expect(rows).toEqual([
    { channel: "sms", status: "failed" },
    { channel: "voice", status: "failed" },
    { channel: "email", status: expect.stringMatching(/sending|sent/) },
  ]);
});

describe("an alert that left without a database", () => {
  const unknown = (attemptId: string) => ({
    tenantId: SMILE,
    cid,
    attemptId,
    reason: "booking_outcome_unknown",
    requested: { customerPhone: customer },
  });
  const withoutPostgres = async (work: () => Promise<unknown>) => {
    await world.database.query("REVOKE INSERT ON notifier.escalations FROM bookproof_notifier");
    try {
      await work();
    } finally {
      await world.database.query("GRANT INSERT ON notifier.escalations TO bookproof_notifier");
    }
  };
  const alerted = () =>
    eventually("the stored alert", async () => {
      const { rows } = await world.database.query("SELECT status FROM notifier.escalations WHERE correlation_id = $1", [
        cid,
      ]);
      return rows[0]?.status === "alerted";
    });
  const resolved = () => eventually("'resolved'", () => alerts().find((text) => text.includes("RESOLVED")));

  test("is not sent again by a process that was started since: its reference is looked for", async () => {
    const attemptId = randomUUID();
    await withoutPostgres(async () => {
      await world.notifier.notifyOwnerBookingFailure(unknown(attemptId));
      await world.restart();
    });
    expect(alerts()).toEqual([expect.stringContaining("outcome UNKNOWN")]);
    await world.notifier.notifyOwnerBookingFailure(unknown(attemptId));
    await alerted();
    expect(alerts()).toHaveLength(1);
  });

  test("as 'outcome unknown' is followed by 'resolved' when the booking is proven, also when it is stored after that", async () => {
    const attemptId = randomUUID();
    await withoutPostgres(async () => {
      await world.notifier.notifyOwnerBookingFailure(unknown(attemptId));
      world.booking.proofs.set(attemptId, provenFor(customer));
    });
    expect(await resolved()).toContain(customer);
    expect(alerts()).toHaveLength(2);
  });

  test("and is remembered by Twilio alone is followed by 'resolved' when the booking is reported", async () => {
    const attemptId = randomUUID();
    const appointmentId = deterministicUuid("appointment", attemptId);
    await withoutPostgres(async () => {
      await world.notifier.notifyOwnerBookingFailure(unknown(attemptId));
      await world.restart();
    });
    for (const id of [attemptId, appointmentId]) world.booking.proofs.set(id, provenFor(customer));
    const value = { attemptId, appointmentId, customerPhone: customer };
    const event = { eventId: randomUUID(), tenantId: SMILE, cid, kind: { $case: "confirmed" as const, value } };
    await world.notifier.handleEvent({ event });
    await resolved();
    expect(alerts()).toHaveLength(2);
  });
});

test("an alert of an unknown outcome that is on its way while the booking is proven is followed by 'resolved'", async () => {
  world.twilio.faults.add({ kind: "delay", delayMs: 150, times: 1, match: { method: "POST", to: OWNER } });
  const attemptId = randomUUID();
  const appointmentId = deterministicUuid("appointment", attemptId);
  const reason = "booking_outcome_unknown";
  await world.notifier.notifyOwnerBookingFailure({
    ...{ tenantId: SMILE, cid, attemptId, reason, requested: { customerPhone: customer } },
  });
  await refused(1);
  for (const id of [attemptId, appointmentId]) world.booking.proofs.set(id, provenFor(customer));
  const value = { attemptId, appointmentId, customerPhone: customer };
  const event = { eventId: randomUUID(), tenantId: SMILE, cid, kind: { $case: "confirmed" as const, value } };
  await world.notifier.handleEvent({ event });
  await eventually("both", () => alerts().length === 2);
  expect(alerts()).toEqual([expect.stringContaining("outcome UNKNOWN"), expect.stringContaining("RESOLVED")]);
});

test("an alert that is on its way is not sent beside it by whoever raises it again and cannot store it", async () => {
  world.twilio.faults.add({ kind: "delay", delayMs: 300, times: 1, match: { method: "POST", to: OWNER } });
  const failure = {
    ...{ tenantId: SMILE, cid, attemptId: randomUUID(), reason: "calendar_failed_after_confirm" },
    requested: { customerPhone: customer },
  };
  await world.notifier.notifyOwnerBookingFailure(failure);
  await refused(1);
  const privilege = "INSERT, SELECT ON notifier.escalations";
  await world.database.query(`REVOKE ${privilege} FROM bookproof_notifier`);
  const again = world.notifier.notifyOwnerBookingFailure(failure);
  await eventually("it cannot be stored", () =>
    world.lines.some((line) => /ESCALATION_NOT_STORED/.test(line) && line.includes(cid)),
  );
  await world.database.query(`GRANT ${privilege} TO bookproof_notifier`);
  await again;
  await eventually("the alert's own job has ended", async () => {
    const { rows } = await world.database.query("SELECT status FROM notifier.messages WHERE correlation_id = $1", [
      cid,
    ]);
    return rows.every(({ status }) => status !== "sending");
  });
  expect(alerts()).toHaveLength(1);
});

test("an alert of an unknown outcome whose CONFIRM begins later is followed by 'resolved'", async () => {
  const attemptId = randomUUID();
  const { escalationId } = await world.notifier.notifyOwnerBookingFailure({
    ...{ tenantId: SMILE, cid, attemptId, reason: "booking_outcome_unknown", requested: { customerPhone: customer } },
  });
  await eventually("the alert", () => alerts().length === 1);
  await eventually("a look that finds no attempt", async () => {
    const { rows } = await world.database.query(
      "SELECT payload FROM notifier_jobs._private_jobs WHERE payload::text LIKE $1 AND (payload::jsonb ->> 'attempt')::int > 1",
      [`%${escalationId}%mayBeginUntil%`],
    );
    return rows.length > 0;
  });
  world.booking.proofs.set(attemptId, provenFor(customer));
  await eventually("'resolved'", () => alerts().length === 2);
  expect(alerts()[1]).toContain("RESOLVED");
});

const provenFor = (customerPhone: string): GetBookingProofResponse => ({
  status: ProofStatus.PROOF_STATUS_PROVEN,
  appointment: {
    appointmentId: randomUUID(),
    offeringName: "Consultation",
    calendarId: "cal-smith",
    calendarName: "Dr. Smith",
    start: new Date(Date.now() + 86_400_000),
    end: new Date(Date.now() + 88_200_000),
    calendarEventId: "abcde12345",
    customerName: "Jane Roe",
    customerPhone,
    customerEmail: "",
    address: "",
    highValue: false,
    bookingSource: "phone_ai",
  },
});
