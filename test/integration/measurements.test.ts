import { findFreePorts } from "@bookproof/local-postgres";
import { stopTelemetry } from "@bookproof/telemetry";
import { eventually } from "@bookproof/testing";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { type InProcessWorld, startInProcessWorld } from "../support/in-process-world.ts";
import { flowOf, reachSummary, untilNeedsHuman } from "../support/journeys.ts";
import { clinic, clinicId, clinicPhone, googleCalendar } from "../support/tenants.ts";

const calendarId = "smith@group.calendar.google.com";

let world: InProcessWorld;
let metricsUrl: string;
let before: Map<string, number>;
let customers = 0;
const newCustomer = () => `+1555124${String(++customers).padStart(4, "0")}`;

beforeAll(async () => {
  const [port] = await findFreePorts(1);
  metricsUrl = `http://127.0.0.1:${port}/metrics`;
  Object.assign(process.env, { OTEL_EXPORTER_PROMETHEUS_PORT: String(port), OTEL_NODE_RESOURCE_DETECTORS: "env" });
  await import("@bookproof/telemetry/register");
  world = await startInProcessWorld({
    tenants: [clinic(googleCalendar("cal-smith", "Dr. Smith", calendarId))],
    configure: { notifier: (config) => ({ ...config, times: { ...config.times, alertRetryMs: [300] } }) },
  });
}, 60_000);
beforeEach(async () => {
  before = await measured();
});
afterEach(() => {
  world.google.faults.clear();
  world.twilio.faults.clear();
});
afterAll(async () => {
  await world.close();
  await stopTelemetry();
});

/** Every series of ours and its value, as Prometheus reads them. */
async function measured(): Promise<Map<string, number>> {
  const text = await (await fetch(metricsUrl)).text();
  const lines = text.split("\n").filter((line) => line.startsWith("bookproof_"));
  return new Map(
    lines.map((line) => {
      const end = line.lastIndexOf(" ");
      return [line.slice(0, end).replace(',otel_scope_name="bookproof"', ""), Number(line.slice(end))];
    }),
  );
}

/** How much each series of a measurement has grown since the test began. */
async function grown(name: string): Promise<Record<string, number>> {
  const now = await measured();
  const series = [...now].filter(([key]) => key.startsWith(`${name}{`));
  return Object.fromEntries(
    series
      .map(([key, value]): [string, number] => [key.slice(name.length), value - (before.get(key) ?? 0)])
      .filter(([, value]) => value !== 0),
  );
}

/** Waits until a series has grown by `by`, no less and no more. */
const untilGrown = (name: string, series: string, by: number) =>
  eventually(`${name}${series} grown by ${by}`, async () => (await grown(name))[series] === by);

test("a booking is one attempt, one BOOKED, and each of its texts one of each status", async () => {
  const customer = newCustomer();
  await reachSummary(world, customer, clinicPhone, "book me tomorrow morning");
  expect(await world.ask(customer, clinicPhone, "CONFIRM")).toMatch(/all set/);
  await eventually(
    "the journey's end",
    async () => (await flowOf(world, customer)).conversations[0]?.stage === "BOOKED",
  );

  expect(await grown("bookproof_attempts_total")).toEqual({ '{outcome="confirmed"}': 1 });
  expect(await grown("bookproof_confirm_duration_count")).toEqual({ '{outcome="confirmed"}': 1 });
  const stages = await grown("bookproof_journey_stages_total");
  expect(stages).toMatchObject({ '{stage="INBOUND"}': 4, '{stage="CONFIRM",reason="received"}': 1 });
  expect(Object.entries(stages).filter(([key]) => key.startsWith('{stage="BOOKED"'))).toEqual([
    ['{stage="BOOKED"}', 1],
  ]);
  const sent = await eventually("the delivery reports", async () => {
    const messages = await grown("bookproof_messages_total");
    return messages['{kind="booked",status="delivered"}'] === 1 && messages;
  });
  for (const status of ["pending", "sending", "queued", "delivered"])
    expect(sent).toMatchObject({ [`{kind="booked",status="${status}"}`]: 1 });
  expect(await grown("bookproof_tool_duration_count")).toMatchObject({
    '{tool="confirm_booking",channel="sms",outcome="ok"}': 1,
  });
  expect(await grown("bookproof_escalation_latency_count")).toEqual({});
});

test("a calendar that refuses is one failed attempt, one alert, and as many errors as it was asked", async () => {
  const customer = newCustomer();
  await reachSummary(world, customer, clinicPhone, "book me tomorrow morning");
  world.google.faults.add({
    kind: "fail-before",
    match: { method: "POST", path: "/events" },
    status: 403,
    code: "forbidden",
  });
  await world.ask(customer, clinicPhone, "CONFIRM");
  await untilNeedsHuman(world, customer);
  const reason = "calendar_failed_after_confirm";
  await untilGrown("bookproof_escalation_latency_count", `{channel="owner_sms",reason="${reason}"}`, 1);
  expect(await grown("bookproof_attempts_total")).toEqual({ [`{outcome="failed",reason="${reason}"}`]: 1 });
  const stages = await grown("bookproof_journey_stages_total");
  expect(stages).toMatchObject({
    [`{stage="FAILED",reason="${reason}"}`]: 1,
    [`{stage="NEEDS_HUMAN",reason="${reason}"}`]: 1,
  });
  expect(await grown("bookproof_calendar_errors_total")).toEqual({
    '{operation="insert",reason="calendar_refused",provider="google"}': 2,
  });
});

test("a claim that is stopped at the door is counted once, and so is its human", async () => {
  const customer = newCustomer();
  await world.ask(customer, clinicPhone, "hi");
  const cid = (await flowOf(world, customer)).conversations[0]?.cid ?? "";
  await world.notifier.sendToCustomer({
    tenantId: clinicId,
    cid,
    conversationId: "",
    to: customer,
    from: clinicPhone,
    key: "reply:made-up",
    content: { $case: "freeText", value: { text: "Great news, you're booked for 2 PM!", appointmentId: "" } },
  });
  await untilNeedsHuman(world, customer);
  await untilGrown("bookproof_escalation_latency_count", '{channel="owner_sms",reason="claim_blocked"}', 1);
  expect(await grown("bookproof_claims_blocked_total")).toEqual({ '{reason="claim_blocked"}': 1 });
  const stages = await grown("bookproof_journey_stages_total");
  expect(stages).toMatchObject({
    '{stage="CLAIM_BLOCKED",reason="claim_blocked"}': 1,
    '{stage="NEEDS_HUMAN",reason="claim_blocked"}': 1,
  });
});

const escalate = (cid: string) =>
  world.notifier.notifyOwnerBookingFailure({
    tenantId: clinicId,
    cid,
    reason: `of ${newCustomer()}`,
    customerText: "",
  });

test("an owner whom no channel reaches is counted, and measured once reached; no free text becomes a label", async () => {
  world.twilio.faults.add({ kind: "fail-before", match: { method: "POST" }, status: 400 });
  await escalate("cid-of-an-unreached-owner");
  await untilGrown("bookproof_messages_total", '{kind="escalation",status="undeliverable"}', 1);
  expect(await grown("bookproof_escalation_latency_count")).toEqual({});
  world.twilio.faults.clear();
  await untilGrown("bookproof_escalation_latency_count", '{channel="owner_sms",reason="other"}', 1);
  expect(await grown("bookproof_journey_stages_total")).toEqual({ '{stage="NEEDS_HUMAN",reason="other"}': 1 });
});

test("an alert that left before its escalation could be stored is measured once", async () => {
  await world.database.query("REVOKE INSERT ON notifier.escalations FROM bookproof_notifier");
  try {
    await escalate("cid-of-a-direct-alert");
    expect(await grown("bookproof_escalation_latency_count")).toEqual({ '{channel="owner_sms",reason="other"}': 1 });
  } finally {
    await world.database.query("GRANT INSERT ON notifier.escalations TO bookproof_notifier");
  }
  await untilGrown("bookproof_journey_stages_total", '{stage="NEEDS_HUMAN",reason="other"}', 1);
  await eventually("the alert's job is done", async () => {
    const { rows } = await world.database.query(
      "SELECT 1 FROM notifier.messages WHERE correlation_id = 'cid-of-a-direct-alert' AND status = 'delivered'",
    );
    return rows.length === 1;
  });
  expect(await grown("bookproof_escalation_latency_count")).toEqual({ '{channel="owner_sms",reason="other"}': 1 });
});

test("two who want one slot are one conflict", async () => {
  const [first, second] = [newCustomer(), newCustomer()];
  await world.ask(first, clinicPhone, "book me tomorrow afternoon");
  await world.ask(second, clinicPhone, "book me tomorrow afternoon");
  await world.ask(first, clinicPhone, "1");
  await world.ask(second, clinicPhone, "1");
  expect(await grown("bookproof_hold_conflicts_total")).toEqual({ '{reason="slot_already_held"}': 1 });
});

test("a caller's tool is measured by what came of it, and a slot that another caller has is a conflict", async () => {
  const [first, second] = [newCustomer(), newCustomer()];
  const caller = (phone: string) => ({
    tenantId: clinicId,
    callId: `call-of-${phone}`,
    callerPhone: phone,
    calledPhone: clinicPhone,
  });
  const { slots } = await world.agent.checkAvailability({ caller: caller(first), serviceType: "Consultation" });
  const slotId = slots[0]?.time?.toISOString() ?? "";
  for (const phone of [first, second])
    await world.agent.reserveAtomic({ caller: caller(phone), slotId, patientName: "Jane Roe", patientPhone: phone });
  expect(await grown("bookproof_tool_duration_count")).toEqual({
    '{tool="check_availability",channel="voice",outcome="ok"}': 1,
    '{tool="reserve_atomic",channel="voice",outcome="ok"}': 1,
    '{tool="reserve_atomic",channel="voice",outcome="slot_already_held"}': 1,
  });
  expect(await grown("bookproof_hold_conflicts_total")).toEqual({ '{reason="slot_already_held"}': 1 });
});

const queueOf = async (queue: string) => {
  const series = await measured();
  const of = `{queue="${queue}"}`;
  return { depth: series.get(`bookproof_queue_depth${of}`), age: series.get(`bookproof_queue_age${of}`) ?? 0 };
};

test("each service's queue is measured once, however many workers it has", async () => {
  const queues = [...(await measured()).keys()].filter((key) => key.startsWith("bookproof_queue_depth"));
  expect(queues.sort()).toEqual(
    ["agent", "booking", "notifier"].map((queue) => `bookproof_queue_depth{queue="${queue}"}`),
  );
});

test("a job that is due and waits is seen, and how long, until its service stops; one of later is not", async () => {
  for (const due of ["-5 minutes", "5 minutes"])
    await world.database.query(
      "SELECT booking_jobs.add_job('nobody_runs_this', '{}', run_at => now() + $1::interval)",
      [due],
    );
  const { depth, age } = await queueOf("booking");
  expect(depth).toBe(1);
  expect(age).toBeGreaterThanOrEqual(300);
  expect(age).toBeLessThan(360);
  await world.stop("booking");
  const stopped = await queueOf("booking");
  expect(await queueOf("booking")).toEqual(stopped);
});

test("a queue that cannot be read grows older, and everything else is still measured", async () => {
  await eventually("a queue without jobs", async () => (await queueOf("agent")).age < 0.1);
  await world.database.query("ALTER TABLE agent_jobs._private_jobs RENAME TO _out_of_sight");
  try {
    await eventually("it grows older", async () => (await queueOf("agent")).age > 0.3);
    expect((await queueOf("notifier")).depth).toBe(0);
  } finally {
    await world.database.query("ALTER TABLE agent_jobs._out_of_sight RENAME TO _private_jobs");
  }
  await eventually("it is read again", async () => (await queueOf("agent")).age < 0.1);
});
