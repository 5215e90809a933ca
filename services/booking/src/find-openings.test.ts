import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { type BookingWorld, business, inDays, SMILE, startBookingWorld } from "./test/booking-world.ts";

let world: BookingWorld;
beforeAll(async () => {
  world = await startBookingWorld();
});
afterAll(() => world.stop());
beforeEach(() => {
  Object.assign(world.calendar.state, { busy: [], unreadable: "", only: {} });
});

/** Up to `limit` openings of [from, to). */
async function find(offeringId: string, from: Date, to: Date, limit = 50) {
  const windows = [{ from, to }];
  return world.booking.findOpenings({ tenantId: SMILE, offeringId, windows, limit, ownHoldId: "", conversationId: "" });
}
const clocks = ({ openings }: Awaited<ReturnType<typeof find>>) =>
  openings.map(({ start }) => start?.toISOString().slice(11, 16));

test("a time is offered once, on no calendar by name where it may be on several, and while one of them has it", async () => {
  const [from, to] = [inDays(3, "09:00"), inDays(3, "11:00")];
  const openings = async () => (await find("cleaning", from, to)).openings;
  expect(clocks(await find("cleaning", from, to))).toEqual(["09:00", "09:30", "10:00", "10:30"]);
  for (const { calendarId, calendarName } of await openings()) expect([calendarId, calendarName]).toEqual(["", ""]);
  await world.reserve({ offeringId: "cleaning", start: from });
  expect(await openings()).toHaveLength(4);
  await world.reserve({ offeringId: "cleaning", start: from });
  expect(await openings()).toHaveLength(3);
  world.calendar.state.only = { unreadable: "cal-smith" };
  world.calendar.state.unreadable = "calendar_disconnected";
  const withoutOne = await find("cleaning", from, to);
  expect(withoutOne.openings).toHaveLength(3);
  expect(withoutOne.unreadable).toEqual([{ calendarId: "cal-smith", reason: "calendar_disconnected" }]);
});

test("the only calendar of an offering is named", async () => {
  const { openings } = await find("consultation", inDays(4, "09:00"), inDays(4, "09:30"));
  expect(openings).toMatchObject([{ calendarId: "cal-smith", start: inDays(4, "09:00"), end: inDays(4, "09:30") }]);
});

test("both offerings' buffers lie between two appointments", async () => {
  await world.reserve({ offeringId: "whitening", start: inDays(5, "10:00") });
  // 60 minutes and 15 after.
  expect(clocks(await find("consultation", inDays(5, "09:00"), inDays(5, "13:00")))).toEqual([
    ...["09:00", "09:30", "11:30", "12:00", "12:30"],
  ]);
  await world.reserve({ offeringId: "consultation", start: inDays(6, "12:00") });
  expect(clocks(await find("whitening", inDays(6, "09:00"), inDays(6, "15:00")))).toEqual([
    ...["09:00", "10:00", "12:30", "13:30", "14:30"],
  ]);
});

test("what is busy after a slot counts as long as the buffer lasts, also on the day after the next", async () => {
  const tenant = business(SMILE, "+15550100001");
  const [consultation] = tenant.tenant?.offerings ?? [];
  if (!tenant.tenant || !consultation) throw new Error("the business offers nothing");
  const survey = { ...consultation, id: "survey", durationMinutes: 480, bufferAfterMinutes: 1_440 };
  tenant.tenant.offerings.push(survey);
  await world.booking.applyTenant(tenant);
  const [from, to] = [inDays(7, "09:00"), inDays(7, "09:30")];
  expect(clocks(await find("survey", from, to))).toEqual(["09:00"]);
  world.calendar.state.busy = [{ from: inDays(8, "16:00"), to: inDays(8, "16:30") }];
  expect(clocks(await find("survey", from, to))).toEqual([]);
});

test("two years ahead are searched in parts that the calendars can be read in, as far as is needed", async () => {
  const tenant = business(SMILE, "+15550100001");
  if (tenant.tenant?.bookingRules) tenant.tenant.bookingRules.horizonDays = 730;
  await world.booking.applyTenant(tenant);
  const [today, end] = [new Date(), inDays(730, "00:00")];
  const before = world.calendar.state.availabilityCalls;
  expect((await find("consultation", today, end, 3)).openings).toHaveLength(3);
  expect(world.calendar.state.availabilityCalls - before).toBe(1);
  world.calendar.state.busy = [{ from: today, to: inDays(700, "00:00") }];
  const late = await find("consultation", today, end, 3);
  expect(late.openings[0]?.start).toEqual(inDays(700, "09:00"));
  const mornings = Array.from({ length: 729 }, (_, day) => ({
    from: inDays(day + 1, "09:00"),
    to: inDays(day + 1, "12:00"),
  }));
  const asked = { tenantId: SMILE, offeringId: "consultation", limit: 3, ownHoldId: "", conversationId: "" };
  const { openings } = await world.booking.findOpenings({ ...asked, windows: mornings });
  expect(openings[0]?.start).toEqual(inDays(700, "09:00"));
});
