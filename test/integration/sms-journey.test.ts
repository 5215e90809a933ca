import { eventually } from "@bookproof/testing";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { z } from "zod";
import { type InProcessWorld, startInProcessWorld } from "../support/in-process-world.ts";
import { clinic, clinicId, clinicOwner, clinicPhone, plumber, plumberPhone } from "../support/tenants.ts";

const flowSchema = z.object({
  traces: z.array(z.looseObject({ stage: z.string() })),
  conversations: z.array(z.looseObject({ stage: z.string() })),
});

let world: InProcessWorld;
beforeAll(async () => {
  world = await startInProcessWorld({ tenants: [clinic(), plumber()] });
}, 60_000);
afterAll(() => world.close());

test("a text becomes a proven booking: row, calendar event, confirmation, trace by cid", async () => {
  const jane = "+15551230001";
  const openings = await world.ask(jane, clinicPhone, "book me tomorrow morning");
  expect(openings).toMatch(/1\) .*\n2\) .*\n3\) /);
  expect(await world.ask(jane, clinicPhone, "2")).toMatch(/your name/i);
  const summary = await world.ask(jane, clinicPhone, "Jane Roe");
  expect(summary).toMatch(/Consultation/);
  expect(summary).toMatch(/Reply CONFIRM/);
  expect(await world.ask(jane, clinicPhone, "confirm!")).toMatch(/^Your appointment is all set/);

  const { rows } = await world.database.query(
    "SELECT status, calendar_event_id, calendar_insert_ok FROM booking.appointments WHERE tenant_id = $1",
    [clinicId],
  );
  expect(rows).toEqual([
    { status: "confirmed", calendar_event_id: expect.stringMatching(/^[a-v0-9]{5,}$/), calendar_insert_ok: true },
  ]);
  const { event } = await world.calendar.getEvent({
    tenantId: clinicId,
    calendarId: "cal-smith",
    eventId: rows[0].calendar_event_id,
  });
  expect(event?.live).toBe(true);

  const flow = await eventually("the booked stage", async () => {
    const answer = await world.get(`/api/debug/sms-flow?phone=${encodeURIComponent(jane)}`);
    const body = flowSchema.parse(await answer.json());
    return body.conversations[0]?.stage === "BOOKED" && body;
  });
  const stages = new Set(flow.traces.map((trace) => trace.stage));
  for (const stage of ["INBOUND", "AGENT", "TOOL", "CONFIRM", "BOOKED", "OUTBOUND"]) expect(stages).toContain(stage);
  expect(JSON.stringify(flow.traces)).not.toContain("Jane");
  expect(world.received(clinicOwner)).toEqual([]);
});

test("an offering that needs an address asks for it", async () => {
  const bob = "+15551230002";
  await world.ask(bob, plumberPhone, "I have a leak, can someone come tomorrow at 10am?");
  const question = await world.ask(bob, plumberPhone, "Bob Stone");
  expect(question).toMatch(/address/i);
  const summary = await world.ask(bob, plumberPhone, "12 Main St, Apt 5");
  expect(summary).toMatch(/12 Main St, Apt 5/);
  expect(await world.ask(bob, plumberPhone, "CONFIRM")).toMatch(/all set/);
});
