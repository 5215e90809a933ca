import { randomInt, randomUUID } from "node:crypto";
import { enqueue, withTenant } from "@bookproof/postgres";
import { type GetBookingProofResponse, ProofStatus } from "@bookproof/proto/booking";
import { eventually } from "@bookproof/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { FINALIZING_TEXT, SNAG_TEXT } from "./domain/customer-texts.ts";
import { alertOwner } from "./jobs/definitions.ts";
import { SMILE, SPARKS, startWorld, type World } from "./test/start-world.ts";

const OWNER = "+15550100900";
const VIP = "+15550100901";
const BLOCKED = "+15550100666";
const start = new Date("2027-01-15T19:00:00Z");

let world: World;
let cid: string;
let customer: string;
let appointmentId: string;
beforeAll(async () => {
  world = await startWorld({ blocklist: [BLOCKED] });
});
afterAll(() => world.stop());
beforeEach(() => {
  world.twilio.faults.clear();
  cid = randomUUID();
  customer = `+1555${randomInt(1_000_000, 9_999_999)}`;
  appointmentId = randomUUID();
});

const proofOf = (status: ProofStatus, calendarEventId = "evt1"): GetBookingProofResponse => ({
  status,
  appointment: {
    appointmentId,
    start,
    end: new Date(start.getTime() + 1_800_000),
    offeringName: "Consultation",
    calendarId: "cal-smith",
    calendarName: "Dr. Smith",
    calendarEventId,
    address: "",
    customerName: "Jane Roe",
    customerPhone: customer,
    customerEmail: "",
    highValue: false,
    bookingSource: "sms",
  },
});
const send = (content: { text: string; appointmentId?: string } | "booked", key = `reply:${randomUUID()}`) =>
  world.notifier.sendToCustomer({
    tenantId: SMILE,
    cid,
    to: customer,
    key,
    content:
      content === "booked"
        ? { $case: "booked", value: { appointmentId } }
        : { $case: "freeText", value: { appointmentId: "", ...content } },
  });
const failedEvent = (attemptId: string, tenantId = SMILE) => ({
  event: {
    eventId: randomUUID(),
    tenantId,
    cid,
    kind: {
      $case: "failed" as const,
      value: {
        attemptId,
        reason: "calendar_failed_after_confirm",
        cause: "calendar_unreadable",
        requested: {
          customerPhone: customer,
          customerName: "Jane Roe",
          start,
          offeringName: "Consultation",
          address: "12 Main St",
        },
      },
    },
  },
});
const ofThisJourney = (texts: string[]) => texts.filter((text) => text.includes(cid));
const alertsTo = (phone: string) => ofThisJourney(world.textsTo(phone));
const firstTextTo = (phone: string) => eventually(`a text to ${phone}`, () => world.textsTo(phone)[0]);
const alertTo = (phone: string) => eventually(`an alert to ${phone}`, () => alertsTo(phone)[0]);
const statusOf = async (key: string) =>
  (await world.database.query("SELECT status FROM notifier.messages WHERE key = $1", [key])).rows[0]?.status;
const settled = (key: string, ...expected: string[]) =>
  eventually(`${key} is ${expected}`, async () => {
    const status = await statusOf(key);
    return expected.includes(status) && status;
  });

describe("a booking's confirmation", () => {
  test("is sent once the proof is read, however often and by whomever it is asked for", async () => {
    world.booking.proofs.set(appointmentId, proofOf(ProofStatus.PROOF_STATUS_PROVEN));
    const event = {
      eventId: randomUUID(),
      tenantId: SMILE,
      cid,
      kind: { $case: "confirmed" as const, value: { attemptId: randomUUID(), appointmentId, customerPhone: customer } },
    };
    for (let repeat = 0; repeat < 5; repeat += 1) await world.notifier.handleEvent({ event });
    expect((await send("booked")).created).toBe(false);
    await settled(`booked:${appointmentId}`, "queued");
    expect(world.textsTo(customer)).toEqual([
      "Your appointment is all set: Consultation on Fri, Jan 15 at 2:00 PM with Dr. Smith. Smile Dental. To change it, call or text +15550100001. Reply STOP to unsubscribe.",
    ]);
    expect(await world.stages(cid)).toEqual([{ stage: "OUTBOUND", stage_reason: null }]);
    expect(alertsTo(OWNER)).toEqual([]);
  });

  test("is not sent where a booking has no calendar event: neutral text, NEEDS_HUMAN, owner alerted", async () => {
    world.booking.proofs.set(appointmentId, proofOf(ProofStatus.PROOF_STATUS_NO_CALENDAR_EVENT, ""));
    await send("booked");
    const alert = await alertTo(OWNER);
    expect(alert).toContain(`Customer Jane Roe ${customer} wanted Consultation on Fri, Jan 15 at 2:00 PM.`);
    expect(alert).toContain("(calendar_failed_after_confirm)");
    expect(alert).toContain(`https://book.example/?cid=${cid}`);
    expect(await firstTextTo(customer)).toBe(SNAG_TEXT);
    const outcome = await eventually("the outcome", () => world.agent.outcomes.find((one) => one.cid === cid));
    expect(outcome).toMatchObject({
      stage: "NEEDS_HUMAN",
      stageReason: "calendar_failed_after_confirm",
      needsHuman: true,
    });
    const stages = await world.stages(cid);
    for (const stage of ["CLAIM_BLOCKED", "NEEDS_HUMAN"]) {
      expect(stages).toContainEqual({ stage, stage_reason: "calendar_failed_after_confirm" });
    }
    expect(world.textsTo(customer)).toEqual([SNAG_TEXT]);
  });

  test("is not sent for an answer that says proven but names no calendar event", async () => {
    world.booking.proofs.set(appointmentId, proofOf(ProofStatus.PROOF_STATUS_PROVEN, ""));
    await send("booked");
    expect(await firstTextTo(customer)).toBe(SNAG_TEXT);
    expect(await alertTo(OWNER)).toContain("(calendar_failed_after_confirm)");
  });

  test("of an unknown appointment fails as booking_failed_after_confirm", async () => {
    await send("booked");
    expect(await firstTextTo(customer)).toBe(SNAG_TEXT);
    expect(await alertTo(OWNER)).toContain("(booking_failed_after_confirm)");
  });

  test("follows one 'still finalizing' when the attempt ends well", async () => {
    world.booking.proofs.set(appointmentId, proofOf(ProofStatus.PROOF_STATUS_RUNNING, ""));
    await send("booked");
    expect(await firstTextTo(customer)).toBe(FINALIZING_TEXT);
    world.booking.proofs.set(appointmentId, proofOf(ProofStatus.PROOF_STATUS_PROVEN));
    await settled(`booked:${appointmentId}:final`, "queued");
    expect(world.textsTo(customer)).toEqual([FINALIZING_TEXT, expect.stringMatching(/^Your appointment is all set/)]);
  });

  test("that stays open makes the owner hear 'unknown', and 'resolved' when it is proven after all", async () => {
    world.booking.proofs.set(appointmentId, proofOf(ProofStatus.PROOF_STATUS_RUNNING, ""));
    await send("booked");
    expect(await alertTo(OWNER)).toContain("(booking_outcome_unknown)");
    await eventually("alerted", async () => {
      const { rows } = await world.database.query("SELECT status FROM notifier.escalations WHERE correlation_id = $1", [
        cid,
      ]);
      return rows[0]?.status === "alerted";
    });
    world.booking.proofs.set(appointmentId, proofOf(ProofStatus.PROOF_STATUS_PROVEN));
    // The last wait before the next reading is a slow one; a human's look does not wait for it.
    await world.database.query("UPDATE notifier_jobs._private_jobs SET run_at = now() WHERE locked_at IS NULL");
    const texts = await eventually("the resolution", () => alertsTo(OWNER).length === 2 && alertsTo(OWNER));
    expect(texts[1]).toMatch(/^Bookproof: RESOLVED, the booking is confirmed\./);
    const last = await eventually("the flag taken back", () =>
      world.agent.outcomes.find((one) => one.cid === cid && !one.needsHuman),
    );
    expect(last.stage).toBe("BOOKED");
  });
});

describe("a failed booking", () => {
  test("reported five times, and by booking and the door, alerts the owner once and tells the customer once", async () => {
    const attemptId = randomUUID();
    await Promise.all(Array.from({ length: 5 }, () => world.notifier.handleEvent(failedEvent(attemptId))));
    await send("booked");
    await settled(`booked:${appointmentId}`, "queued", "blocked");
    await settled(`snag:${attemptId}`, "queued", "blocked");
    const alert = await alertTo(OWNER);
    expect(alert).toContain("Address: 12 Main St.");
    expect(alert).toMatch(/Ref [A-Z2-9]{4} cid/);
    expect(alertsTo(OWNER)).toHaveLength(1);
    expect(alertsTo(VIP)).toEqual([]);
    expect(world.textsTo(customer)).toEqual([SNAG_TEXT]);
    expect(world.lines.some((line) => line.includes(`[CID:${cid}] [ESCALATION_SENT] channel=owner_sms`))).toBe(true);
  });

  test("reaches Twilio well under a second after the event", async () => {
    const began = performance.now();
    await world.notifier.handleEvent(failedEvent(randomUUID()));
    await alertTo(OWNER);
    expect(performance.now() - began).toBeLessThan(1_000);
  });

  test("is flagged at the agent as soon as the agent lives again", async () => {
    world.agent.state.isDown = true;
    await world.notifier.handleEvent(failedEvent(randomUUID()));
    await alertTo(OWNER);
    world.agent.state.isDown = false;
    await eventually("the flag", () => world.agent.outcomes.some((one) => one.cid === cid && one.needsHuman));
  });

  test("goes to the VIP phone when the owner's is refused, and a text reported undelivered moves on too", async () => {
    world.twilio.faults.add({
      kind: "fail-before",
      status: 400,
      code: 21211,
      match: { path: "/Messages.json", to: OWNER },
    });
    await world.notifier.handleEvent(failedEvent(randomUUID()));
    await alertTo(VIP);
    const sid = await eventually("the stored sid", async () => {
      const { rows } = await world.database.query(
        "SELECT provider_sid FROM notifier.messages WHERE correlation_id = $1 AND to_address = $2 AND status = 'queued'",
        [cid, VIP],
      );
      return rows[0]?.provider_sid as string | undefined;
    });
    const delivery = { tenantId: SMILE, messageSid: sid, messageStatus: "undelivered", errorCode: 30003 };
    expect((await world.notifier.recordDelivery(delivery)).applied).toBe(true);
    const digits = customer.slice(1).split("").join(" ");
    await eventually("a call", () =>
      world.twilio.ledger.calls().some(({ to, twiml }) => to === OWNER && twiml?.includes(digits)),
    );
  });

  test("that no channel takes is logged loudly, stays visible, is flagged, and is tried again until one does", async () => {
    world.twilio.faults.add({ kind: "fail-before", status: 500, match: { method: "POST" } });
    const { escalationId } = await world.notifier.notifyOwnerBookingFailure({
      tenantId: SMILE,
      cid,
      reason: "turn_failed",
      requested: { customerPhone: customer },
    });
    await eventually("undeliverable", async () => {
      const { rows } = await world.database.query("SELECT status FROM notifier.escalations WHERE id = $1", [
        escalationId,
      ]);
      return rows[0]?.status === "undeliverable";
    });
    const failures = world.lines.filter((line) => line.includes(`[CID:${cid}] [ESCALATION_FAILED]`));
    for (const channel of ["owner_sms", "vip_sms", "owner_call", "all"]) {
      expect(failures.some((line) => line.includes(`channel=${channel} `))).toBe(true);
    }
    expect(failures.every((line) => JSON.parse(line).level === 50)).toBe(true);
    await eventually("the flag", () => world.agent.outcomes.some((one) => one.cid === cid && one.needsHuman));
    world.twilio.faults.clear();
    expect(await alertTo(OWNER)).toContain("(turn_failed)");
  });

  test("whose alert was accepted but not answered is looked up, not sent again", async () => {
    world.twilio.faults.add({ kind: "time-out-after", times: 1, match: { method: "POST", to: OWNER } });
    await world.notifier.handleEvent(failedEvent(randomUUID()));
    await eventually("alerted", async () => {
      const { rows } = await world.database.query("SELECT status FROM notifier.escalations WHERE correlation_id = $1", [
        cid,
      ]);
      return rows[0]?.status === "alerted";
    });
    expect(alertsTo(OWNER)).toHaveLength(1);
    expect(alertsTo(VIP)).toEqual([]);
  });

  test("whose alert a killed process left between Twilio and the database is found by its ref, not sent again", async () => {
    await world.notifier.handleEvent(failedEvent(randomUUID()));
    await alertTo(OWNER);
    const escalation = () =>
      world.database.query("SELECT id, status FROM notifier.escalations WHERE correlation_id = $1", [cid]);
    const alerted = () => eventually("alerted", async () => (await escalation()).rows[0]?.status === "alerted");
    await alerted();
    const { id } = (await escalation()).rows[0];
    const intentOnly = "UPDATE notifier.messages SET status = 'sending', provider_sid = NULL WHERE escalation_id = $1";
    await world.database.query(intentOnly, [id]);
    await world.database.query("UPDATE notifier.escalations SET status = 'open' WHERE id = $1", [id]);
    await withTenant(world.deps.pool, SMILE, (client) =>
      enqueue(client, alertOwner, { tenantId: SMILE, escalationId: id, phase: "alert" }),
    );
    await alerted();
    expect(alertsTo(OWNER)).toHaveLength(1);
    expect(alertsTo(VIP)).toEqual([]);
  });

  test("is alerted even when Postgres takes nothing, once, and the stored escalation does not alert again", async () => {
    await world.database.query("REVOKE INSERT ON notifier.escalations FROM bookproof_notifier");
    const call = () =>
      world.notifier.notifyOwnerBookingFailure({
        tenantId: SMILE,
        cid,
        reason: "turn_failed",
        requested: { customerPhone: customer },
      });
    try {
      const answers = await Promise.all([call(), call()]);
      expect(new Set(answers.map(({ escalationId }) => escalationId)).size).toBe(1);
      expect(alertsTo(OWNER)).toHaveLength(1);
    } finally {
      await world.database.query("GRANT INSERT ON notifier.escalations TO bookproof_notifier");
    }
    await eventually("stored and alerted", async () => {
      const { rows } = await world.database.query("SELECT status FROM notifier.escalations WHERE correlation_id = $1", [
        cid,
      ]);
      return rows[0]?.status === "alerted";
    });
    expect(alertsTo(OWNER)).toHaveLength(1);
  });

  test("that a human resolved is not alerted any more", async () => {
    world.twilio.faults.add({ kind: "fail-before", status: 500, match: { method: "POST" } });
    await world.notifier.handleEvent(failedEvent(randomUUID()));
    await eventually("undeliverable", () =>
      world.lines.some((line) => line.includes(`[CID:${cid}] [ESCALATION_FAILED] channel=all`)),
    );
    expect(await world.notifier.resolveEscalations({ tenantId: SPARKS, cid })).toEqual({ resolved: 0 });
    expect(await world.notifier.resolveEscalations({ tenantId: SMILE, cid })).toEqual({ resolved: 1 });
    expect(await world.notifier.resolveEscalations({ tenantId: SMILE, cid })).toEqual({ resolved: 0 });
    world.twilio.faults.clear();
    await eventually("no alert job left", async () => {
      const { rows } = await world.database.query(
        "SELECT 1 FROM notifier_jobs._private_jobs JOIN notifier_jobs._private_tasks AS task ON task.id = task_id WHERE identifier = 'alert_owner' AND payload::text LIKE $1",
        [`%${cid}%`],
      );
      return rows.length === 0;
    });
    expect(alertsTo(OWNER)).toEqual([]);
  });
});

describe("free text", () => {
  test("goes out as it is, in order, once a key", async () => {
    const key = `reply:${randomUUID()}`;
    const first = await send({ text: "What is your name?" }, key);
    expect(await send({ text: "What is your name?" }, key)).toEqual({ messageId: first.messageId, created: false });
    const texts = ["one", "two", "three", "four"];
    for (const text of texts) await send({ text });
    await eventually("all texts", () => world.textsTo(customer).length === 5);
    expect(world.textsTo(customer)).toEqual(["What is your name?", ...texts]);
  });

  test("that claims a booking without proof is stopped, replaced and escalated", async () => {
    await send({ text: "You're booked for tomorrow at 2!" });
    expect(await firstTextTo(customer)).toBe(SNAG_TEXT);
    expect(await alertTo(OWNER)).toContain("(claim_blocked)");
    expect(await world.stages(cid)).toContainEqual({ stage: "CLAIM_BLOCKED", stage_reason: "claim_blocked" });
    await eventually("the flag", () => world.agent.outcomes.some((one) => one.cid === cid && one.needsHuman));
  });

  test("that claims a booking with its proof goes out, but never a cancellation", async () => {
    world.booking.proofs.set(appointmentId, proofOf(ProofStatus.PROOF_STATUS_PROVEN));
    await send({ text: "You have an appointment on Friday at 2 PM.", appointmentId });
    await send({ text: "I've cancelled your appointment.", appointmentId });
    await eventually("both texts", () => world.textsTo(customer).length === 2);
    expect(world.textsTo(customer)).toEqual(["You have an appointment on Friday at 2 PM.", SNAG_TEXT]);
  });

  test("that Twilio accepted without answering is found again and not sent twice", async () => {
    world.twilio.faults.add({ kind: "time-out-after", times: 1, match: { method: "POST", to: customer } });
    const key = `reply:${randomUUID()}`;
    await send({ text: "Which day suits you?" }, key);
    await settled(key, "queued");
    expect(world.textsTo(customer)).toEqual(["Which day suits you?"]);
  });

  test("that Twilio never saw is sent after a look-up, and what follows waits for it", async () => {
    world.twilio.faults.add({ kind: "drop", when: "before", times: 1, match: { method: "POST", to: customer } });
    await send({ text: "first" });
    await send({ text: "second" });
    await eventually("both texts", () => world.textsTo(customer).length === 2);
    expect(world.textsTo(customer)).toEqual(["first", "second"]);
  });

  test("is tried again when Twilio asks to slow down", async () => {
    world.twilio.faults.add({ kind: "fail-before", status: 429, times: 1, match: { to: customer } });
    await send({ text: "hello" });
    expect(await firstTextTo(customer)).toBe("hello");
  });

  test("refused because of wrong credentials is an alarm of its own", async () => {
    world.twilio.faults.add({ kind: "fail-before", status: 401, times: 1, match: { to: customer } });
    await send({ text: "hello" });
    expect(await firstTextTo(customer)).toBe("hello");
    expect(world.lines.some((line) => line.includes("[TWILIO_CREDENTIALS_FAILED]"))).toBe(true);
  });

  test("is never sent to a blocked number or to the business itself", async () => {
    for (const internal of [BLOCKED, "+15550100001"]) {
      customer = internal;
      const key = `reply:${randomUUID()}`;
      await send({ text: "hello" }, key);
      await settled(key, "blocked");
      expect(world.textsTo(internal)).toEqual([]);
    }
    expect(await world.stages(cid)).toEqual([
      { stage: "SKIP", stage_reason: "internal_blocklist" },
      { stage: "SKIP", stage_reason: "internal_blocklist" },
    ]);
  });

  test.each([
    ["no E.164 number", { to: "555" }],
    ["no tenant", { tenantId: "x" }],
    ["no content", { content: undefined }],
  ])("is refused with %s", async (_what, wrong) => {
    const right = {
      tenantId: SMILE,
      cid,
      to: customer,
      key: "k",
      content: { $case: "freeText" as const, value: { text: "hi" } },
    };
    await expect(world.notifier.sendToCustomer({ ...right, ...wrong })).rejects.toMatchObject({
      reason: "invalid_argument",
    });
  });
});

describe("a customer who texted STOP", () => {
  const stop = (optedOut: boolean, receivedAt: Date) =>
    world.notifier.recordOptOut({
      tenantId: SMILE,
      phone: customer,
      optedOut,
      keyword: optedOut ? "STOP" : "START",
      receivedAt,
    });

  test("gets nothing until START, and an older word that comes late changes nothing", async () => {
    await stop(true, new Date("2026-01-02T00:00:00Z"));
    await stop(false, new Date("2026-01-01T00:00:00Z"));
    const key = `reply:${randomUUID()}`;
    await send({ text: "hello" }, key);
    await settled(key, "blocked");
    expect(world.textsTo(customer)).toEqual([]);
    expect(await world.stages(cid)).toEqual([{ stage: "SKIP", stage_reason: "customer_opted_out" }]);
    await stop(false, new Date("2026-01-03T00:00:00Z"));
    await send({ text: "welcome back" });
    expect(await firstTextTo(customer)).toBe("welcome back");
  });

  test("and is booked makes the owner hear that they cannot be texted", async () => {
    world.booking.proofs.set(appointmentId, proofOf(ProofStatus.PROOF_STATUS_PROVEN));
    await stop(true, new Date());
    await send("booked");
    expect(await alertTo(OWNER)).toContain("cannot be texted");
    expect(world.textsTo(customer)).toEqual([]);
  });

  test("at Twilio alone is remembered, and nothing is sent again", async () => {
    world.twilio.faults.add({ kind: "fail-before", status: 400, code: 21610, times: 1, match: { to: customer } });
    const [first, second] = [`reply:${randomUUID()}`, `reply:${randomUUID()}`];
    await send({ text: "hello" }, first);
    await settled(first, "failed");
    await send({ text: "hello again" }, second);
    await settled(second, "blocked");
    expect(world.textsTo(customer)).toEqual([]);
  });
});

describe("delivery", () => {
  const report = async (messageSid: string, messageStatus: string, errorCode = 0) =>
    (await world.notifier.recordDelivery({ tenantId: SMILE, messageSid, messageStatus, errorCode })).applied;
  const sidOf = (to: string) =>
    eventually("a sid", () => world.twilio.ledger.messages({ to, direction: "outbound" })[0]?.sid);

  test("never goes back", async () => {
    const key = `reply:${randomUUID()}`;
    await send({ text: "hello" }, key);
    await settled(key, "queued");
    const sid = await sidOf(customer);
    expect(await report(sid, "delivered")).toBe(true);
    expect(await report(sid, "sent")).toBe(false);
    expect(await report(sid, "failed", 30003)).toBe(false);
    expect(await statusOf(key)).toBe("delivered");
    expect(await report("SMunknown", "delivered")).toBe(false);
  });

  test("that overtakes the sid it speaks of is not lost", async () => {
    // Twilio has the text, the answer is late, and the callback is here first.
    world.twilio.faults.add({ kind: "delay", times: 1, match: { method: "POST", to: customer }, delayMs: 0 });
    world.twilio.faults.add({
      kind: "time-out-after",
      times: 1,
      match: { method: "POST", to: customer },
      delayMs: 250,
    });
    const keys = [`reply:${randomUUID()}`, `reply:${randomUUID()}`] as const;
    await send({ text: "one" }, keys[0]);
    await send({ text: "two" }, keys[1]);
    const late = await eventually("two texts", () => world.twilio.ledger.messages({ to: customer })[1]?.sid);
    expect(await report(late, "delivered")).toBe(false);
    await settled(keys[1], "delivered");
  });

  test("of a confirmation that failed makes the owner call", async () => {
    world.booking.proofs.set(appointmentId, proofOf(ProofStatus.PROOF_STATUS_PROVEN));
    await send("booked");
    await settled(`booked:${appointmentId}`, "queued");
    await report(await sidOf(customer), "undelivered", 30005);
    expect(await alertTo(OWNER)).toContain("(customer_unreachable)");
  });
});

test("two tenants share nothing: numbers, keys, opt-outs, deliveries", async () => {
  await world.notifier.recordOptOut({ tenantId: SMILE, phone: customer, optedOut: true, keyword: "STOP" });
  const key = `reply:${randomUUID()}`;
  const content = { $case: "freeText" as const, value: { text: "hello from Sparks" } };
  await send({ text: "hello from Smile" }, key);
  expect((await world.notifier.sendToCustomer({ tenantId: SPARKS, cid, to: customer, key, content })).created).toBe(
    true,
  );
  await firstTextTo(customer);
  const [sent] = world.twilio.ledger.messages({ to: customer });
  expect(sent).toMatchObject({ body: "hello from Sparks", from: "+15550200001", accountSid: `AC${"2".repeat(32)}` });
  const foreign = { tenantId: SMILE, messageSid: sent?.sid ?? "", messageStatus: "delivered", errorCode: 0 };
  expect((await world.notifier.recordDelivery(foreign)).applied).toBe(false);
  await world.notifier.handleEvent(failedEvent(randomUUID(), SPARKS));
  await alertTo("+15550200900");
  expect(alertsTo(OWNER)).toEqual([]);
});
