import { randomUUID } from "node:crypto";
import { eventually } from "@bookproof/testing";
import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import { type InProcessWorld, startInProcessWorld } from "../support/in-process-world.ts";
import { flowOf, reachSummary, untilNeedsHuman } from "../support/journeys.ts";
import { clinic, clinicId, clinicOwner, clinicPhone, googleCalendar } from "../support/tenants.ts";

const calendarId = "smith@group.calendar.google.com";
let world: InProcessWorld;
beforeAll(async () => {
  world = await startInProcessWorld({
    tenants: [clinic(googleCalendar("cal-smith", "Dr. Smith", calendarId))],
    configure: { booking: (config) => ({ ...config, saga: { ...config.saga, keptForHumanMs: 3_000 } }) },
  });
}, 60_000);
afterEach(() => world.google.faults.clear());
afterAll(() => world.close());

const alertsAbout = (customer: string) => world.received(clinicOwner).filter((body) => body.includes(customer));
const conversationOf = async (customer: string) =>
  (
    await world.database.query(
      "SELECT id, correlation_id AS cid, confirming_hold_id AS confirming FROM agent.conversations WHERE customer_phone = $1",
      [customer],
    )
  ).rows[0];

test("a turn that fails three times goes to a human with one alert, and holds up nothing that follows", async () => {
  const customer = "+15551260001";
  await world.ask("+15551260000", clinicPhone, "hi");
  await world.stop("booking");
  expect(await world.text(customer, clinicPhone, "book me tomorrow")).toBe(204);
  const flow = await untilNeedsHuman(world, customer);
  expect(flow.conversations[0]).toMatchObject({ stage: "NEEDS_HUMAN", stageReason: "turn_failed" });
  const failures = flow.traces.filter(({ stage }) => stage === "FAILED");
  expect(failures).toHaveLength(3);
  expect(await eventually("a text", () => world.received(customer)[0])).toMatch(/A human will text you/);
  await eventually("the alert", () => alertsAbout(customer).length > 0);
  await world.start("booking");
  expect(await world.ask(customer, clinicPhone, "hello?")).toMatch(/human/i);
  expect(alertsAbout(customer)).toHaveLength(1);
});

test("a customer never hears that a slot is taken which a turn of theirs, cut off after its claim, holds", async () => {
  const customer = "+15551260002";
  await world.ask(customer, clinicPhone, "hi");
  const { id: conversationId, cid } = await conversationOf(customer);
  const day = new Date(Date.now() + 2 * 86_400_000);
  const windows = [{ from: day, to: new Date(day.getTime() + 86_400_000) }];
  const { openings } = await world.booking.findOpenings({ tenantId: clinicId, offeringId: "consultation", windows });
  const [opening] = openings;
  const claim = {
    tenantId: clinicId,
    holdId: randomUUID(),
    offeringId: "consultation",
    calendarId: opening?.calendarId ?? "",
    start: opening?.start,
    callSid: conversationId,
    customerPhone: customer,
    cid,
  };
  expect((await world.booking.claimSlot(claim)).success).toBe(true);
  const at = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat("en-US", { timeZone: "America/New_York", ...options }).format(opening?.start);
  const request = `book me ${at({ month: "long", day: "numeric" })} at ${at({ hour: "numeric", minute: "2-digit" })}`;
  expect(await world.ask(customer, clinicPhone, request)).toMatch(/your name/i);
  const { rows } = await world.database.query(
    "SELECT status FROM booking.appointment_holds WHERE patient_phone = $1 ORDER BY created_at",
    [customer],
  );
  expect(rows).toEqual([{ status: "released" }, { status: "held" }]);
});

test("an outcome that is about no CONFIRM, or about another, leaves the one on its way watched", async () => {
  const customer = "+15551260003";
  await world.ask(customer, clinicPhone, "hi");
  const { id, cid } = await conversationOf(customer);
  const holdId = randomUUID();
  await world.database.query("UPDATE agent.conversations SET confirming_hold_id = $2 WHERE id = $1", [id, holdId]);
  const outcome = { tenantId: clinicId, cid, stage: "FAILED", stageReason: "claim_blocked" };
  await world.agent.recordOutcome(outcome);
  await world.agent.recordOutcome({ ...outcome, holdId: randomUUID() });
  expect((await conversationOf(customer)).confirming).toBe(holdId);
  await world.agent.recordOutcome({ ...outcome, holdId });
  expect((await conversationOf(customer)).confirming).toBeNull();
});

async function failConfirm(customer: string, request: string) {
  await reachSummary(world, customer, clinicPhone, request);
  const insert = { method: "POST", path: "/events" };
  world.google.faults.add({ kind: "fail-before", match: insert, status: 403, code: "forbidden" });
  expect(await world.ask(customer, clinicPhone, "CONFIRM")).toMatch(/A human will text you/);
  await untilNeedsHuman(world, customer);
}
const jobDone = (attemptsOf: string) =>
  eventually("the kept slot's job is done", async () => {
    const { rows } = await world.database.query(
      `SELECT 1 FROM booking_jobs._private_jobs AS job JOIN booking_jobs._private_tasks AS task ON task.id = job.task_id
       JOIN booking.booking_attempts AS attempt ON job.payload::text LIKE '%' || attempt.id || '%'
       WHERE task.identifier = 'end_kept_slot' AND attempt.snapshot ->> 'customerPhone' = $1`,
      [attemptsOf],
    );
    return rows.length === 0;
  });

test("a kept slot that runs out is said to owner and customer, once", async () => {
  const customer = "+15551260004";
  await failConfirm(customer, "book me tomorrow morning");
  await jobDone(customer);
  await eventually("the owner's second alert", () =>
    alertsAbout(customer).some((body) => body.includes("kept for a customer has run out")),
  );
  await eventually("the customer's text", () =>
    world.received(customer).some((body) => body.includes("nothing is booked")),
  );
  expect(alertsAbout(customer)).toHaveLength(2);
});

test("a kept slot whose matter a human has settled runs out without a word", async () => {
  const customer = "+15551260005";
  await failConfirm(customer, "book me tomorrow afternoon");
  const cid = (await flowOf(world, customer)).conversations[0]?.cid;
  const resolved = await fetch(`${world.gatewayUrl}/api/conversations/resolve`, {
    method: "POST",
    headers: { authorization: "Bearer in-process-world-admin-token", "content-type": "application/json" },
    body: JSON.stringify({ cid }),
  });
  expect(resolved.status).toBe(200);
  const said = world.received(customer).length;
  await jobDone(customer);
  const { rows } = await world.database.query(
    "SELECT h.status FROM booking.appointment_holds h WHERE patient_phone = $1",
    [customer],
  );
  expect(rows).toEqual([{ status: "expired" }]);
  expect(world.received(customer)).toHaveLength(said);
  expect(alertsAbout(customer)).toHaveLength(1);
});
