import type { ClaimSlotRequest } from "@bookproof/proto/booking";
import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { type BookingWorld, inDays, SMILE, startBookingWorld } from "./test/booking-world.ts";

const both = ["cal-smith", "cal-jones"];
let world: BookingWorld;
beforeAll(async () => {
  world = await startBookingWorld();
});
afterAll(() => world.stop());
beforeEach(() => {
  world.calendar.state.busy = [];
  world.calendar.state.unreadable = "";
  world.calendar.state.only = {};
});

let customers = 0;
/** A claim of a new customer who names no calendar; tell only what matters. */
const claim = (wanted: Partial<ClaimSlotRequest> & { start: Date }) => {
  const number = ++customers;
  return world.booking.claimSlot({
    tenantId: SMILE,
    holdId: crypto.randomUUID(),
    offeringId: "cleaning",
    calendarId: "",
    callSid: `conversation-${number}`,
    customerName: "Jane Roe",
    customerPhone: `+1555${1_000_000 + number}`,
    replacesHoldId: "",
    cid: `cid-${number}`,
    ...wanted,
  });
};
const statusOf = async (holdId: string) =>
  (await world.database.query("SELECT status FROM booking.appointment_holds WHERE id = $1", [holdId])).rows[0]?.status;
const counts = (calendarIds: string[]) => both.map((id) => calendarIds.filter((one) => one === id).length);
const halfHours = (day: number) =>
  Array.from({ length: 16 }, (_, n) => new Date(inDays(day, "09:00").getTime() + n * 1_800_000));

test("claims at one time, however many at once, are spread over the calendars, one each", async () => {
  const answers = await Promise.all(Array.from({ length: 40 }, () => claim({ start: inDays(3, "10:00") })));
  const won = answers.filter((answer) => answer.success);
  expect(won.map((answer) => answer.calendarId).sort()).toEqual(both.toSorted());
  expect(won.map((answer) => answer.calendarName).sort()).toEqual(["Dr. Jones", "Dr. Smith"]);
  expect(new Set(answers.filter((answer) => !answer.success).map((answer) => answer.error))).toEqual(
    new Set(["Slot already held"]),
  );
});

test("a day's claims, all at once, leave the calendars with numbers that differ by one at most", async () => {
  const answers = await Promise.all(
    halfHours(4)
      .slice(0, 15)
      .map((start) => claim({ start })),
  );
  expect(answers.every((answer) => answer.success)).toBe(true);
  expect(counts(answers.map((answer) => answer.calendarId)).toSorted()).toEqual([7, 8]);
});

test("the calendar with the fewest that day is taken, then that week, then the one not assigned for longest", async () => {
  const monday = (8 - new Date().getUTCDay()) % 7 || 7;
  const [tuesday, wednesday] = [monday + 8, monday + 9];
  // Two of the week on the first calendar, none of Wednesday's.
  for (const start of halfHours(tuesday).slice(0, 2)) await claim({ start, calendarId: "cal-smith" });
  expect((await claim({ start: inDays(wednesday, "09:00") })).calendarId).toBe("cal-jones");
  // Wednesday: one on the second calendar, so the day comes before the week.
  expect((await claim({ start: inDays(wednesday, "10:00") })).calendarId).toBe("cal-smith");
  // Another week, level: the second was assigned longer ago.
  expect((await claim({ start: inDays(wednesday + 7, "10:00") })).calendarId).toBe("cal-jones");
});

test("what ran out or was given back does not count", async () => {
  const [first, second] = [await claim({ start: inDays(25, "09:00") }), await claim({ start: inDays(25, "10:00") })];
  expect(first.calendarId).not.toBe(second.calendarId);
  const third = await claim({ start: inDays(25, "11:00"), calendarId: second.calendarId });
  await world.booking.releaseHold({ tenantId: SMILE, holdId: third.holdId });
  await world.database.query(
    "UPDATE booking.appointment_holds SET expires_at = now() - interval '1 second' WHERE id = $1",
    [second.holdId],
  );
  expect((await claim({ start: inDays(25, "12:00") })).calendarId).toBe(second.calendarId);
});

test("a repeated claim is the same hold on the same calendar, also when another's turn has come", async () => {
  const wanted = { start: inDays(26, "09:00"), holdId: crypto.randomUUID(), customerPhone: "+15559990001" };
  const first = await claim(wanted);
  await claim({ start: inDays(26, "10:00"), calendarId: first.calendarId });
  const again = await Promise.all(Array.from({ length: 5 }, () => claim(wanted)));
  for (const answer of again) expect(answer).toEqual(first);
  world.calendar.state.unreadable = "calendar_disconnected";
  expect(await claim(wanted)).toEqual(first);
});

test("a calendar that is busy then, does not work or cannot be read is nobody's turn", async () => {
  const start = inDays(27, "09:00");
  const later = inDays(27, "12:00");
  world.calendar.state.only = { busy: "cal-smith" };
  world.calendar.state.busy = [{ from: start, to: later }];
  expect((await claim({ start })).calendarId).toBe("cal-jones");
  expect(await claim({ start })).toMatchObject({ success: false, error: "Slot already held" });
  world.calendar.state.busy = [];
  world.calendar.state.only = { unreadable: "cal-jones" };
  world.calendar.state.unreadable = "calendar_disconnected";
  expect((await claim({ start: later })).calendarId).toBe("cal-smith");
  expect(await claim({ start: inDays(27, "08:30") })).toMatchObject({ success: false, error: "Slot not open" });
});

test("a customer's own earlier hold gives way on whichever calendar it was, and stays where the new time is lost", async () => {
  const mine = { customerPhone: "+15559990002", callSid: "mine" };
  const first = await claim({ ...mine, start: inDays(28, "09:00") });
  for (const calendarId of both) await claim({ start: inDays(28, "11:00"), calendarId });
  const lost = await claim({ ...mine, start: inDays(28, "11:00"), replacesHoldId: first.holdId });
  expect(lost).toMatchObject({ success: false, error: "Slot already held" });
  expect(await statusOf(first.holdId)).toBe("held");
  const second = await claim({ ...mine, start: inDays(28, "09:15"), replacesHoldId: first.holdId });
  expect(second.success).toBe(true);
  expect(await statusOf(first.holdId)).toBe("released");
  // Nobody told of it: a turn that was cut off.
  expect((await claim({ ...mine, start: inDays(28, "09:30") })).success).toBe(true);
  expect(await statusOf(second.holdId)).toBe("released");
});

test("customers who swap their times at once, with and without a calendar named, are all answered", async () => {
  const times = ["13:00", "13:00", "15:00", "15:00"].map((clock) => inDays(29, clock));
  const mine = (n: number) => ({ customerPhone: `+1555888000${n}`, callSid: `swaps-${n}` });
  const held = await Promise.all(times.map((start, n) => claim({ ...mine(n), start })));
  const answers = await Promise.all(
    times.toReversed().map((start, n) =>
      claim({
        ...mine(n),
        start,
        replacesHoldId: held[n]?.holdId ?? "",
        calendarId: n % 2 ? (held[3 - n]?.calendarId ?? "") : "",
      }),
    ),
  );
  for (const answer of answers) expect(answer.success || answer.error === "Slot already held").toBe(true);
});

test("an offering's only calendar is not looked up, and neither is one that is named", async () => {
  const before = world.calendar.state.availabilityCalls;
  const only = await claim({ start: inDays(30, "09:00"), offeringId: "consultation" });
  expect(only).toMatchObject({ success: true, calendarId: "cal-smith", calendarName: "Dr. Smith" });
  const named = await claim({ start: inDays(30, "09:00"), calendarId: "cal-jones" });
  expect(named).toMatchObject({ success: true, calendarId: "cal-jones", calendarName: "Dr. Jones" });
  expect(world.calendar.state.availabilityCalls).toBe(before);
});

test.each([
  ["within the minimum notice", new Date(Date.now() + 60 * 60_000)],
  ["beyond the horizon", inDays(61, "10:00")],
])("a time %s is not held, unless its customer had it before", async (_when, start) => {
  const wanted = { start, calendarId: "cal-smith", customerPhone: "+15559990003", callSid: "" };
  expect(await claim(wanted)).toMatchObject({ success: false, error: "Slot not open" });
  const holdId = crypto.randomUUID();
  await world.database.query(
    `SELECT booking.claim_slot_atomic($1, 'cal-smith', $2, '', 'Jane', $3, p_hold_id => $4, p_offering_id => 'cleaning')`,
    [SMILE, start, wanted.customerPhone, holdId],
  );
  expect(await claim({ ...wanted, holdId })).toMatchObject({ success: true, holdId });
  expect(await claim({ ...wanted, replacesHoldId: holdId })).toMatchObject({ success: true });
  expect(await claim({ ...wanted, customerPhone: "+15559990004", replacesHoldId: holdId })).toMatchObject({
    success: false,
    error: "Slot not open",
  });
});
