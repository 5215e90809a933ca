import { eventually } from "@bookproof/testing";
import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import { type InProcessWorld, startInProcessWorld } from "../support/in-process-world.ts";
import { flowOf, reachSummary, untilNeedsHuman } from "../support/journeys.ts";
import { clinic, clinicId, clinicOwner, clinicPhone, clinicVip, googleCalendar } from "../support/tenants.ts";

const calendarId = "smith@group.calendar.google.com";
const snag = "I hit a snag confirming this. A human will text you shortly.";
const finalizing = "I’m still finalizing this on my end—someone will confirm shortly.";
const insertOf = { method: "POST", path: "/events" };
const readOf = { method: "GET", path: "/events/" };

let world: InProcessWorld;
let customers = 0;
const newCustomer = () => `+1555123${String(++customers).padStart(4, "0")}`;

beforeAll(async () => {
  world = await startInProcessWorld({ tenants: [clinic(googleCalendar("cal-smith", "Dr. Smith", calendarId))] });
}, 60_000);
afterEach(() => {
  world.google.faults.clear();
  world.twilio.faults.clear();
});
afterAll(() => world.close());

const alertsAbout = (customer: string, phone = clinicOwner) =>
  world.received(phone).filter((body) => body.includes(customer));
const liveEvents = () => world.google.ledger.events(calendarId).filter((event) => event.status !== "cancelled");
const appointmentsOf = async (customer: string) =>
  (
    await world.database.query(
      "SELECT a.status, a.calendar_event_id, h.status AS hold FROM booking.appointments a JOIN booking.appointment_holds h ON h.id = a.hold_id WHERE h.patient_phone = $1",
      [customer],
    )
  ).rows;

test("a refused event: neutral text, owner's phone, needs_human, slot kept, and no word of success", async () => {
  const customer = newCustomer();
  await reachSummary(world, customer, clinicPhone, "book me tomorrow morning");
  const before = liveEvents().length;
  world.google.faults.add({ kind: "fail-before", match: insertOf, status: 403, code: "forbidden" });
  expect(await world.ask(customer, clinicPhone, "CONFIRM")).toBe(snag);
  const [alert] = await eventually(
    "the owner's alert",
    () => alertsAbout(customer).length > 0 && alertsAbout(customer),
  );
  expect(alert).toContain("Jane Roe");
  expect(alert).toContain("Consultation");
  expect(alert).toContain("calendar_failed_after_confirm");
  const flow = await untilNeedsHuman(world, customer);
  expect(flow.conversations[0]).toMatchObject({ stage: "NEEDS_HUMAN", stageReason: "calendar_failed_after_confirm" });
  expect(flow.traces.map((trace) => trace.stage)).toEqual(expect.arrayContaining(["CONFIRM", "FAILED", "NEEDS_HUMAN"]));
  expect(alert).toContain(flow.conversations[0]?.cid);
  expect(await appointmentsOf(customer)).toEqual([{ status: "failed", calendar_event_id: null, hold: "kept" }]);
  expect(liveEvents()).toHaveLength(before);
  expect(world.received(customer).some((body) => /all set|booked/i.test(body))).toBe(false);
});

test("while a human is needed the bot says one honest line and books nothing, until somebody resolves it", async () => {
  const customer = newCustomer();
  await reachSummary(world, customer, clinicPhone, "book me tomorrow morning");
  world.google.faults.add({ kind: "fail-before", match: insertOf, status: 403, code: "forbidden" });
  await world.ask(customer, clinicPhone, "CONFIRM");
  const { conversations } = await untilNeedsHuman(world, customer);
  world.google.faults.clear();
  expect(await world.ask(customer, clinicPhone, "hello? book me on Friday")).toMatch(/human/i);
  const said = world.received(customer).length;
  await world.text(customer, clinicPhone, "CONFIRM");
  await eventually("the text is read", async () => {
    const { rows } = await world.database.query(
      "SELECT 1 FROM agent.inbound_messages WHERE from_e164 = $1 AND read_at IS NULL",
      [customer],
    );
    return rows.length === 0;
  });
  expect(world.received(customer)).toHaveLength(said);

  const cid = conversations[0]?.cid;
  const resolved = await fetch(`${world.gatewayUrl}/api/conversations/resolve`, {
    method: "POST",
    headers: { authorization: "Bearer in-process-world-admin-token", "content-type": "application/json" },
    body: JSON.stringify({ cid }),
  });
  expect(resolved.status).toBe(200);
  expect(await world.ask(customer, clinicPhone, "book me on Friday morning")).toMatch(/1\) /);
  expect((await flowOf(world, customer)).conversations[0]?.cid).not.toBe(cid);
});

test("a time-out after the calendar took the event is booked once, after reading it back", async () => {
  const customer = newCustomer();
  await reachSummary(world, customer, clinicPhone, "book me tomorrow afternoon");
  const before = liveEvents().length;
  world.google.faults.add({ kind: "error-after", match: insertOf, status: 503, times: 1 });
  expect(await world.ask(customer, clinicPhone, "CONFIRM")).toMatch(/^Your appointment is all set/);
  expect(liveEvents()).toHaveLength(before + 1);
  expect(await appointmentsOf(customer)).toMatchObject([{ status: "confirmed", hold: "confirmed" }]);
  expect(alertsAbout(customer)).toEqual([]);
});

test("an event whose fate cannot be read is escalated at once and taken back, so that no orphan stays", async () => {
  const customer = newCustomer();
  await reachSummary(world, customer, clinicPhone, "book me tomorrow afternoon");
  const before = liveEvents().length;
  world.google.faults.add({ kind: "error-after", match: insertOf, status: 503 });
  world.google.faults.add({ kind: "fail-before", match: readOf, status: 503, times: 4 });
  expect(await world.ask(customer, clinicPhone, "CONFIRM")).toBe(snag);
  await eventually("the owner's alert", () => alertsAbout(customer).length > 0);
  await eventually("the event is taken back", () => liveEvents().length === before, 15_000);
});

test("a calendar that answers nothing: the customer is told within seconds and the owner too", async () => {
  const customer = newCustomer();
  await reachSummary(world, customer, clinicPhone, "book me tomorrow afternoon");
  world.google.faults.add({ kind: "time-out-before", match: { path: "/events" } });
  expect([snag, finalizing]).toContain(await world.ask(customer, clinicPhone, "CONFIRM"));
  await eventually("the owner's alert", () => alertsAbout(customer).length > 0, 12_000);
  await untilNeedsHuman(world, customer);
});

test("the owner's SMS fails: the VIP number is told, and the flags stand", async () => {
  const customer = newCustomer();
  await reachSummary(world, customer, clinicPhone, "book me tomorrow afternoon");
  world.google.faults.add({ kind: "fail-before", match: insertOf, status: 403, code: "forbidden" });
  world.twilio.faults.add({
    kind: "fail-before",
    match: { to: clinicOwner, path: "Messages" },
    status: 400,
    code: 30003,
  });
  await world.text(customer, clinicPhone, "CONFIRM");
  await eventually("the VIP's alert", () => alertsAbout(customer, clinicVip).length > 0);
  await untilNeedsHuman(world, customer);
  const { rows } = await world.database.query(
    "SELECT status FROM notifier.escalations WHERE tenant_id = $1 AND requested::text LIKE $2",
    [clinicId, `%${customer}%`],
  );
  expect(rows).toEqual([{ status: "alerted" }]);
});

test("an unreadable calendar has no openings and says so, and a human takes over", async () => {
  const customer = newCustomer();
  world.google.faults.add({ kind: "fail-before", match: { path: "freeBusy" }, status: 503 });
  const answer = await world.ask(customer, clinicPhone, "book me tomorrow morning");
  expect(answer).not.toMatch(/1\) /);
  expect(answer).toMatch(/human/i);
  await untilNeedsHuman(world, customer);
});

test("booking is away at CONFIRM: the customer hears that it is being finalized, the owner is told, nothing is claimed", async () => {
  const customer = newCustomer();
  await reachSummary(world, customer, clinicPhone, "book me tomorrow afternoon");
  await world.stop("booking");
  await world.text(customer, clinicPhone, "CONFIRM");
  await eventually("the owner's alert", () => alertsAbout(customer).length > 0, 40_000);
  await world.start("booking");
  await untilNeedsHuman(world, customer);
  expect(world.received(customer).some((body) => /all set/i.test(body))).toBe(false);
}, 60_000);
