import { afterAll, beforeAll, expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  type BookingWorld,
  business,
  inDays,
  SPARKS,
  startBookingWorld,
} from "../../services/booking/src/test/booking-world.ts";

const calendars = Array.from({ length: 5 }, (_, index) => `room-${index}`);
let world: BookingWorld;
beforeAll(async () => {
  world = await startBookingWorld();
  const tenant = business(SPARKS, "+15550200001");
  const [offering] = tenant.tenant?.offerings ?? [];
  const [spec] = tenant.calendars;
  if (!tenant.tenant || !offering || !spec) throw new Error("the business has no offering or calendar");
  tenant.calendars = calendars.map((id) => ({ ...spec, id, displayName: id }));
  // "any-3" is on the first three.
  tenant.tenant.offerings = calendars.map((_, index) => ({
    ...{ ...offering, id: `any-${index + 1}`, name: `Any of ${index + 1}` },
    calendarIds: calendars.slice(0, index + 1),
  }));
  await world.booking.applyTenant(tenant);
});
afterAll(() => world.stop());

let claims = 0;
const claim = (count: number, start: Date, calendarId = "") =>
  world.booking.claimSlot({
    ...{ tenantId: SPARKS, holdId: crypto.randomUUID(), offeringId: `any-${count}`, calendarId, start },
    ...{ callSid: `c-${++claims}`, customerName: "", customerPhone: `+1555${1_000_000 + claims}`, replacesHoldId: "" },
    cid: "",
  });
const distinct = (values: string[]) => new Set(values).size === values.length;

/** A time of its own for each case: two a day, on the days that others do not use. */
let cases = 0;
const freshTime = () => inDays(2 + (cases >> 1), cases++ % 2 ? "10:00" : "15:00");

test("claims of one time that name no calendar win one calendar each until none is left, also beside claims that name one", async () => {
  const race = fc.record({
    count: fc.integer({ min: 1, max: calendars.length }),
    anyone: fc.integer({ min: 1, max: 9 }),
    named: fc.array(fc.nat(calendars.length - 1), { maxLength: 4 }),
  });
  await fc.assert(
    fc.asyncProperty(race, async ({ count, anyone, named }) => {
      const start = freshTime();
      const [any, byName] = await Promise.all([
        Promise.all(Array.from({ length: anyone }, () => claim(count, start))),
        Promise.all(named.map((index) => claim(count, start, `room-${index % count}`))),
      ]);
      const won = any.filter(({ success }) => success);
      const taken = [...won, ...byName.filter(({ success }) => success)].map(({ calendarId }) => calendarId);
      expect(distinct(taken)).toBe(true);
      if (named.length === 0) expect(won).toHaveLength(Math.min(anyone, count));
      // Whoever lost found all of them taken.
      if (won.length < anyone) expect(taken).toHaveLength(count);
    }),
    { numRuns: 40 },
  );
}, 60_000);

test("over a day of claims at once the numbers of calendars that were all free differ by one at most", async () => {
  const day = fc.record({
    count: fc.integer({ min: 2, max: calendars.length }),
    halfHours: fc.uniqueArray(fc.nat(15), { minLength: 3 }),
  });
  let days = 0;
  await fc.assert(
    fc.asyncProperty(day, async ({ count, halfHours }) => {
      const nine = inDays(24 + days++, "09:00").getTime();
      const answers = await Promise.all(halfHours.map((n) => claim(count, new Date(nine + n * 1_800_000))));
      expect(answers.every(({ success }) => success)).toBe(true);
      const counts = calendars
        .slice(0, count)
        .map((id) => answers.filter(({ calendarId }) => calendarId === id).length);
      expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
    }),
    { numRuns: 15 },
  );
}, 60_000);
