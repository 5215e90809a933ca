import { deterministicUuid } from "@bookproof/postgres";
import { eventually } from "@bookproof/testing";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type InProcessWorld, startInProcessWorld } from "../support/in-process-world.ts";
import { flowOf, reachSummary, untilNeedsHuman } from "../support/journeys.ts";
import { clinic, clinicId, clinicOwner, clinicPhone } from "../support/tenants.ts";

const snag = "I hit a snag confirming this. A human will text you shortly.";

let world: InProcessWorld;
beforeAll(async () => {
  world = await startInProcessWorld({ tenants: [clinic()] });
}, 60_000);
afterAll(() => world.close());

/** Seed 001, step 9: a booking id exists, its calendar event id does not. */
test("a booking id without a calendar event id: no success text, NEEDS_HUMAN, owner escalated, failing stage traced", async () => {
  const customer = "+15551230001";
  await reachSummary(world, customer, clinicPhone, "book me tomorrow morning");
  const cid = (await flowOf(world, customer)).conversations[0]?.cid ?? "";
  const { rows } = await world.database.query(
    "SELECT id, tenant_id FROM booking.appointment_holds WHERE patient_phone = $1",
    [customer],
  );
  const appointmentId = deterministicUuid("appointment", clinicId, rows[0].id);
  await world.database.query(
    `WITH contact AS (INSERT INTO booking.contacts (tenant_id, phone, name) VALUES ($1, $2, 'Jane Roe') RETURNING id)
     INSERT INTO booking.appointments (id, tenant_id, contact_id, service_type, calendar_id, scheduled_at, duration_minutes, status, hold_id)
     SELECT $3, $1, contact.id, 'consultation', 'cal-smith', now() + interval '1 day', 30, 'pending', $4 FROM contact`,
    [clinicId, customer, appointmentId, rows[0].id],
  );

  await world.notifier.sendToCustomer({
    tenantId: clinicId,
    cid,
    conversationId: "",
    to: customer,
    from: clinicPhone,
    key: `booked:${appointmentId}`,
    content: { $case: "booked", value: { appointmentId } },
  });

  await eventually("the neutral text", () => world.received(customer).includes(snag));
  await eventually("the owner's alert", () =>
    world.received(clinicOwner).some((body) => body.includes(customer) && body.includes(cid)),
  );
  const flow = await untilNeedsHuman(world, customer);
  expect(flow.conversations[0]).toMatchObject({ stage: "NEEDS_HUMAN", stageReason: "calendar_failed_after_confirm" });
  expect(flow.traces).toContainEqual(
    expect.objectContaining({ stage: "NEEDS_HUMAN", reason: "calendar_failed_after_confirm" }),
  );
  expect(world.received(customer).some((body) => /all set|you're booked|is confirmed/i.test(body))).toBe(false);
});

test("a text that claims a booking without proof is stopped at the door", async () => {
  const customer = "+15551230002";
  await world.ask(customer, clinicPhone, "hi");
  const cid = (await flowOf(world, customer)).conversations[0]?.cid ?? "";
  await world.notifier.sendToCustomer({
    tenantId: clinicId,
    cid,
    conversationId: "",
    to: customer,
    from: clinicPhone,
    key: "reply:made-up",
    content: {
      $case: "freeText",
      value: { text: "Great news, you're booked for tomorrow at 2 PM!", appointmentId: "" },
    },
  });
  await eventually("the neutral text", () => world.received(customer).includes(snag));
  expect(world.received(customer).some((body) => body.includes("booked for tomorrow"))).toBe(false);
  const flow = await untilNeedsHuman(world, customer);
  expect(flow.traces.map((trace) => trace.stage)).toContain("CLAIM_BLOCKED");
});

test("a CONFIRM with nothing to confirm is answered truthfully with a way on", async () => {
  const customer = "+15551230003";
  const answer = await world.ask(customer, clinicPhone, "CONFIRM");
  expect(answer).toMatch(/nothing|no .*confirm/i);
  const { rows } = await world.database.query(
    "SELECT 1 FROM booking.booking_attempts WHERE snapshot->>'customerPhone' = $1",
    [customer],
  );
  expect(rows).toEqual([]);
});

test("a late CONFIRM gets its slot back while it is free, and the truth with fresh openings once it is taken", async () => {
  const [late, lost] = ["+15551230004", "+15551230005"];
  for (const customer of [late, lost]) {
    await reachSummary(world, customer, clinicPhone, "book me tomorrow afternoon");
    await world.database.query(
      "UPDATE booking.appointment_holds SET expires_at = now() - interval '1 minute' WHERE patient_phone = $1 AND status = 'held'",
      [customer],
    );
  }
  expect(await world.ask(late, clinicPhone, "CONFIRM")).toMatch(/^Your appointment is all set/);

  const { rows } = await world.database.query(
    "SELECT DISTINCT slot_time FROM booking.appointment_holds WHERE patient_phone = ANY ($1)",
    [[late, lost]],
  );
  expect(rows).toHaveLength(1);
  const answer = await world.ask(lost, clinicPhone, "CONFIRM");
  expect(answer).toMatch(/taken/i);
  expect(answer).toMatch(/1\) /);
});
