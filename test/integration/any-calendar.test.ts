import type { ApplyTenantRequest } from "@bookproof/proto/booking";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type InProcessWorld, startInProcessWorld } from "../support/in-process-world.ts";
import { clinic, clinicPhone } from "../support/tenants.ts";

let world: InProcessWorld;
beforeAll(async () => {
  world = await startInProcessWorld({ tenants: [twoDentists()] });
}, 60_000);
afterAll(() => world.close());

/** The clinic with two dentists, either of whom does everything. */
function twoDentists(): ApplyTenantRequest {
  const request = clinic();
  const [smith] = request.calendars;
  if (!request.tenant || !smith) throw new Error("the clinic has no calendar");
  const calendars = [smith, { ...smith, id: "cal-jones", displayName: "Dr. Jones" }];
  const calendarIds = calendars.map(({ id }) => id);
  const offerings = request.tenant.offerings.map((offering) => ({ ...offering, calendarIds }));
  return { ...request, calendars, tenant: { ...request.tenant, offerings } };
}

test("two customers are booked at one time, each with the dentist that the summary named, and a third is offered others", async () => {
  const named: string[] = [];
  for (const customer of ["+15551250001", "+15551250002"]) {
    await world.ask(customer, clinicPhone, "book me a checkup tomorrow at 2pm");
    const summary = await world.ask(customer, clinicPhone, "Jane Roe");
    const [, dentist = summary] = /2:00 PM with (Dr\. \w+)/.exec(summary) ?? [];
    named.push(dentist);
    expect(await world.ask(customer, clinicPhone, "CONFIRM")).toContain(`with ${dentist}`);
  }
  expect(named.toSorted()).toEqual(["Dr. Jones", "Dr. Smith"]);
  const { rows } = await world.database.query(
    `SELECT h.calendar_id FROM booking.appointments a JOIN booking.appointment_holds h ON h.id = a.hold_id
     WHERE a.status = 'confirmed' ORDER BY a.created_at`,
  );
  expect(rows.map((row) => row.calendar_id)).toEqual(
    named.map((name) => (name === "Dr. Jones" ? "cal-jones" : "cal-smith")),
  );
  const third = await world.ask("+15551250003", clinicPhone, "book me a checkup tomorrow at 2pm");
  expect(third).toMatch(/2:00 PM is not available.*1\) /s);
});
