import { deterministicUuid } from "@bookproof/postgres";
import { AttemptStatus } from "@bookproof/proto/booking";
import { eventually } from "@bookproof/testing";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import pg from "pg";
import { type InProcessWorld, startInProcessWorld } from "../support/in-process-world.ts";
import { flowOf, reachSummary, untilNeedsHuman } from "../support/journeys.ts";
import { clinic, clinicId, clinicOwner, clinicPhone } from "../support/tenants.ts";

let world: InProcessWorld;
beforeAll(async () => {
  world = await startInProcessWorld({ tenants: [clinic()] });
}, 60_000);
afterAll(() => world.close());

const alertsAbout = (customer: string) => world.received(clinicOwner).filter((body) => body.includes(customer));
const attemptOf = async (holdId: string) =>
  (await world.database.query("SELECT status, reason FROM booking.booking_attempts WHERE hold_id = $1", [holdId]))
    .rows[0];

async function hold(customerPhone: string, daysAhead: number): Promise<string> {
  const start = new Date(Date.now() + daysAhead * 86_400_000);
  const claimed = await world.booking.claimSlot({
    tenantId: clinicId,
    holdId: crypto.randomUUID(),
    offeringId: "consultation",
    calendarId: "cal-smith",
    start,
    callSid: "",
    customerName: "Jane Roe",
    customerPhone,
    replacesHoldId: "",
    cid: `cid-${customerPhone}`,
  });
  expect(claimed.success).toBe(true);
  return claimed.holdId;
}

const confirmation = (holdId: string, phone: string) => ({
  tenantId: clinicId,
  holdId,
  cid: `cid-${phone}`,
  conversationId: "",
  messageSid: "",
  customer: { name: "Jane Roe", phone, email: "" },
  address: "",
  notAfter: undefined,
  businessPhone: clinicPhone,
  bookingSource: "manual",
});

test("an attempt whose hold was lost while booking was away ends failed, with the owner alerted and its event taken back", async () => {
  const customer = "+15551240001";
  const holdId = await hold(customer, 3);
  const booked = await world.booking.confirmBooking(confirmation(holdId, customer));
  expect(booked.status).toBe(AttemptStatus.ATTEMPT_STATUS_CONFIRMED);
  // As it stands after a death between the insert and T2, and another customer's claim of the slot that ran out.
  await world.database.query(
    "UPDATE booking.appointments SET status = 'pending', calendar_event_id = NULL, calendar_insert_ok = false WHERE hold_id = $1",
    [holdId],
  );
  await world.database.query("UPDATE booking.booking_attempts SET status = 'started' WHERE hold_id = $1", [holdId]);
  await world.database.query("UPDATE booking.appointment_holds SET status = 'expired' WHERE id = $1", [holdId]);
  const envelope = { payload: { tenantId: clinicId, attemptId: booked.attemptId }, cid: "", attempt: 1 };
  await world.database.query("SELECT booking.enqueue('settle_attempt', $1, NULL, NULL, NULL)", [
    JSON.stringify(envelope),
  ]);

  await eventually("the attempt's end", async () => (await attemptOf(holdId)).status === "failed");
  expect(await attemptOf(holdId)).toMatchObject({ reason: "booking_failed_after_confirm" });
  await eventually("the owner's alert", () => alertsAbout(customer).length > 0);
  await eventually("the event is taken back", async () => {
    const { event } = await world.calendar.getEvent({
      tenantId: clinicId,
      calendarId: "cal-smith",
      eventId: booked.calendarEventId,
    });
    return event?.live === false;
  });
});

test("the same CONFIRM many times at once is one attempt, one event, one confirmation", async () => {
  const customer = "+15551240003";
  const holdId = await hold(customer, 5);
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => world.booking.confirmBooking(confirmation(holdId, customer))),
  );
  const statuses = answers.map((answer) => answer.status);
  expect(statuses.filter((status) => status === AttemptStatus.ATTEMPT_STATUS_FAILED)).toEqual([]);
  expect(new Set(answers.map((answer) => answer.attemptId)).size).toBe(1);
  await eventually("the confirmation", () => world.received(customer).length > 0);
  const { rows } = await world.database.query("SELECT 1 FROM calendar.events WHERE appointment_id = $1 AND live", [
    answers[0]?.appointmentId,
  ]);
  expect(rows).toHaveLength(1);
  expect(world.received(customer)).toHaveLength(1);
});

test("a CONFIRM that cannot even be watched goes to the owner, and its exception is traced; nobody is told that it is being finalized", async () => {
  const customer = "+15551240005";
  await reachSummary(world, customer, clinicPhone, "book me tomorrow morning");
  await world.database.query(
    `CREATE FUNCTION agent.refuse_confirming() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'disk full'; END $$`,
  );
  await world.database.query(
    `CREATE TRIGGER refuse_confirming BEFORE UPDATE OF confirming_hold_id ON agent.conversations FOR EACH ROW
     WHEN (NEW.confirming_hold_id IS NOT NULL) EXECUTE FUNCTION agent.refuse_confirming()`,
  );
  await world.text(customer, clinicPhone, "CONFIRM");
  const flow = await untilNeedsHuman(world, customer);
  await world.database.query("DROP TRIGGER refuse_confirming ON agent.conversations");
  expect(flow.conversations[0]).toMatchObject({ stage: "NEEDS_HUMAN", stageReason: "turn_failed" });
  expect(flow.traces).toContainEqual(expect.objectContaining({ stage: "FAILED", reason: "internal" }));
  await eventually("the owner's alert", () => alertsAbout(customer).length > 0);
  expect(world.received(customer).some((body) => /finalizing|all set/i.test(body))).toBe(false);
});

test("what a turn leaves behind after its journey ended does not lead the next journey", async () => {
  const customer = "+15551240006";
  await world.ask(customer, clinicPhone, "book me tomorrow afternoon");
  await world.database.query(
    `CREATE FUNCTION agent.end_journey() RETURNS trigger LANGUAGE plpgsql AS $$
     BEGIN NEW.correlation_id := 'the-next-journey'; RETURN NEW; END $$`,
  );
  // The next journey begins while the turn of this one is under way.
  await world.database.query(
    `CREATE TRIGGER end_journey BEFORE UPDATE OF stage_reason ON agent.conversations FOR EACH ROW
     WHEN (NEW.last_tool = 'claim_slot' AND NEW.last_tool_ok AND NEW.customer_phone = '${customer}') EXECUTE FUNCTION agent.end_journey()`,
  );
  await world.ask(customer, clinicPhone, "1");
  await world.database.query("DROP TRIGGER end_journey ON agent.conversations");
  const { conversations } = await flowOf(world, customer);
  expect(conversations[0]?.cid).toBe("the-next-journey");
  const { rows } = await world.database.query(
    "SELECT dialogue_state ->> 'step' AS step FROM agent.conversations WHERE customer_phone = $1",
    [customer],
  );
  expect(rows).toEqual([{ step: "idle" }]);
});

test("a slot whose CONFIRM is beginning at this moment is not given back", async () => {
  const customer = "+15551240002";
  const holdId = await hold(customer, 4);
  const beginning = new pg.Client({ connectionString: world.database.url });
  await beginning.connect();
  await beginning.query("BEGIN");
  await beginning.query("SELECT 1 FROM booking.appointment_holds WHERE id = $1 FOR UPDATE", [holdId]);
  const releasing = world.booking.releaseHold({ tenantId: clinicId, holdId });
  await eventually("the release waits for the hold", async () => {
    const { rows } = await world.database.query(
      "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
    );
    return rows.length > 0;
  });
  await beginning.query(
    `INSERT INTO booking.booking_attempts (tenant_id, id, hold_id, appointment_id, correlation_id, status, deadline, snapshot, calendar_event_id)
     VALUES ($1, $2, $3, gen_random_uuid(), 'cid', 'started', now() + interval '6 seconds', '{}', 'event')`,
    [clinicId, deterministicUuid("attempt", clinicId, holdId), holdId],
  );
  await beginning.query(
    "UPDATE booking.appointment_holds SET expires_at = expires_at + interval '1 minute' WHERE id = $1",
    [holdId],
  );
  await beginning.query("COMMIT");
  await beginning.end();
  expect(await releasing).toEqual({ released: false });
  const { rows } = await world.database.query("SELECT status FROM booking.appointment_holds WHERE id = $1", [holdId]);
  expect(rows).toEqual([{ status: "held" }]);
});

test("a CONFIRM that booking refuses to begin leaves a FAILED row", async () => {
  const phone = "+15551240004";
  await expect(world.booking.confirmBooking(confirmation(crypto.randomUUID(), phone))).rejects.toMatchObject({
    reason: "hold_not_found",
  });
  const { rows } = await world.database.query(
    "SELECT stage_reason FROM trace.sms_flow_traces WHERE from_e164 = $1 AND stage = 'FAILED'",
    [phone],
  );
  expect(rows).toEqual([{ stage_reason: "hold_not_found" }]);
});
