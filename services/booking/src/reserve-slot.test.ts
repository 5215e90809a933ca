import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { type BookingWorld, inDays, SMILE, SPARKS, startBookingWorld } from "./test/booking-world.ts";

let world: BookingWorld;
beforeAll(async () => {
  world = await startBookingWorld();
});
afterAll(() => world.stop());
beforeEach(() => {
  world.calendar.state.busy = [];
  world.calendar.state.unreadable = "";
});

const loser = { success: false, error: "Slot already held", holdId: "" };
const hold = async (id: string) =>
  (await world.database.query("SELECT * FROM booking.appointment_holds WHERE id = $1", [id])).rows[0];
const contactsOf = async (email: string) =>
  (await world.database.query("SELECT * FROM booking.contacts WHERE email = $1", [email])).rows;
const letRunOut = (id: string) =>
  world.database.query("UPDATE booking.appointment_holds SET expires_at = now() - interval '1 second' WHERE id = $1", [
    id,
  ]);

test("300 callers race for one slot: one wins, 299 hear that it is held, and the calendar is asked a few times", async () => {
  const start = inDays(3, "10:00");
  const before = world.calendar.state.availabilityCalls;
  const answers = await Promise.all(
    Array.from({ length: 300 }, (_, n) =>
      world.reserve({ start, customer: { name: "", phone: `+1555200${1000 + n}`, email: "" } }),
    ),
  );
  expect(answers.filter((answer) => answer.success)).toHaveLength(1);
  expect(answers.filter((answer) => answer.error === "Slot already held")).toHaveLength(299);
  expect(world.calendar.state.availabilityCalls - before).toBeLessThan(30);
});

test("racing for overlapping offerings of different lengths leaves no two holds that overlap", async () => {
  const clocks = ["13:00", "13:15", "13:30", "13:45", "14:00", "14:15", "14:30"];
  const wanted = Array.from({ length: 84 }, (_, n) => ({
    start: inDays(3, clocks[n % clocks.length] ?? "13:00"),
    offeringId: n % 2 ? "whitening" : "consultation",
  }));
  const answers = await Promise.all(wanted.map((one) => world.reserve(one)));
  const refused = answers.filter((answer) => !answer.success);
  expect(new Set(refused.map((answer) => answer.error))).toEqual(new Set(["Slot already held"]));
  const won = answers.filter((answer) => answer.success).map((answer) => answer.holdId);
  expect(won.length).toBeGreaterThan(1);
  const { rows } = await world.database.query(
    `SELECT 1 FROM booking.appointment_holds a JOIN booking.appointment_holds b ON a.id < b.id AND a.busy_range && b.busy_range
     WHERE a.id = ANY ($1) AND b.id = ANY ($1)`,
    [won],
  );
  expect(rows).toHaveLength(0);
});

test("the winner gets the hold, its contact and what it is for; the hold knows the customer", async () => {
  const answer = await world.reserve({
    start: inDays(4, "09:00"),
    offeringId: "",
    customer: { name: "John Smith", phone: "+1-555-1234", email: "john@example.com" },
  });
  expect(answer).toMatchObject({
    success: true,
    error: "",
    calendarId: "cal-smith",
    calendarName: "Dr. Smith",
    offeringId: "consultation",
    offeringName: "Consultation",
  });
  const leftMs = (answer.expiresAt?.getTime() ?? 0) - Date.now();
  expect(leftMs).toBeGreaterThan(9 * 60_000);
  expect(leftMs).toBeLessThan(11 * 60_000);
  expect(await hold(answer.holdId)).toMatchObject({
    patient_phone: "+15551234",
    patient_email: "john@example.com",
    patient_name: "John Smith",
    contact_id: answer.contactId,
    booking_source: "phone_ai",
  });
  expect(world.lines.join("")).toContain("✅ Upserted contact by phone");
});

test("the same caller asking again, also at the same moment, gets the same hold", async () => {
  const request = world.reservation({ start: inDays(4, "10:00") });
  const answers = await Promise.all(Array.from({ length: 5 }, () => world.booking.reserveSlot(request)));
  const again = await world.booking.reserveSlot(request);
  expect(new Set([...answers, again].map((answer) => answer.holdId)).size).toBe(1);
  expect(again).toEqual(answers[0]);
});

test("a hold that was released or ran out comes back as a new one", async () => {
  const request = world.reservation({ start: inDays(4, "11:00") });
  const first = await world.booking.reserveSlot(request);
  await world.booking.releaseHold({ tenantId: SMILE, holdId: first.holdId });
  const second = await world.booking.reserveSlot(request);
  await letRunOut(second.holdId);
  const third = await world.booking.reserveSlot(request);
  expect([first, second, third].map((answer) => answer.success)).toEqual([true, true, true]);
  expect(new Set([first.holdId, second.holdId, third.holdId]).size).toBe(3);
});

test("a caller's other hold is given back when the new slot is won, and kept when it is lost", async () => {
  const mine = { callId: "changes-their-mind" };
  const first = await world.reserve({ ...mine, start: inDays(5, "10:00") });
  await world.reserve({ start: inDays(5, "12:00") });
  expect(await world.reserve({ ...mine, start: inDays(5, "12:00") })).toMatchObject(loser);
  expect(await hold(first.holdId)).toMatchObject({ status: "held" });
  // Overlaps the caller's own hold, which gives way.
  expect(await world.reserve({ ...mine, start: inDays(5, "10:15") })).toMatchObject({ success: true });
  expect(await hold(first.holdId)).toMatchObject({ status: "released" });
});

test("two callers who swap their slots at once are both answered", async () => {
  const slots = [inDays(5, "15:00"), inDays(5, "16:00")];
  for (const [n, start] of slots.entries()) await world.reserve({ callId: `swap-${n}`, start });
  const answers = await Promise.all(
    [...slots].reverse().map((start, n) => world.reserve({ callId: `swap-${n}`, start })),
  );
  for (const answer of answers) expect(answer.success || answer.error === "Slot already held").toBe(true);
});

test("a corrected phone number moves with the hold", async () => {
  const start = inDays(4, "12:00");
  const customer = { name: "Jane", phone: "+15551230077", email: "" };
  const first = await world.reserve({ callId: "corrects", start, customer });
  const second = await world.reserve({ callId: "corrects", start, customer: { ...customer, phone: "+15551230078" } });
  expect(second.holdId).toBe(first.holdId);
  expect(second.contactId).not.toBe(first.contactId);
  expect(await hold(first.holdId)).toMatchObject({ patient_phone: "+15551230078", contact_id: second.contactId });
});

test.each([
  ["before the doors open", inDays(6, "08:30")],
  ["running past closing time", inDays(6, "16:45")],
  ["within the minimum notice", new Date(Date.now() + 30 * 60_000)],
  ["beyond the horizon", inDays(61, "10:00")],
  ["in the past", inDays(-1, "10:00")],
])("a time %s is not open", async (_when, start) => {
  await expect(world.reserve({ start })).rejects.toMatchObject({ reason: "slot_not_open" });
});

test("a time at which the calendar is busy is not open, and an unreadable calendar says so", async () => {
  const start = inDays(6, "10:00");
  world.calendar.state.busy = [{ from: inDays(6, "10:15"), to: inDays(6, "10:45") }];
  await expect(world.reserve({ start })).rejects.toMatchObject({ reason: "slot_not_open" });
  world.calendar.state.unreadable = "calendar_disconnected";
  await expect(world.reserve({ start })).rejects.toMatchObject({ reason: "calendar_disconnected" });
});

test("without a calendar named, one of the offering's that are free is taken, and a repeat stays on it", async () => {
  const cleaning = { start: inDays(6, "14:00"), offeringId: "cleaning" };
  const first = await world.reserve(cleaning);
  const request = world.reservation(cleaning);
  const second = await world.booking.reserveSlot(request);
  expect([first.calendarId, second.calendarId].toSorted()).toEqual(["cal-jones", "cal-smith"]);
  expect(await world.reserve(cleaning)).toMatchObject(loser);
  await world.booking.releaseHold({ tenantId: SMILE, holdId: first.holdId });
  expect(await world.booking.reserveSlot(request)).toEqual(second);
});

test("100 callers race for one time on two calendars: two win, one on each", async () => {
  const cleaning = { start: inDays(9, "10:00"), offeringId: "cleaning" };
  const answers = await Promise.all(Array.from({ length: 100 }, () => world.reserve(cleaning)));
  const won = answers.filter((answer) => answer.success).map((answer) => answer.calendarId);
  expect(won.toSorted()).toEqual(["cal-jones", "cal-smith"]);
  expect(answers.filter((answer) => answer.error === "Slot already held")).toHaveLength(98);
});

test("the same caller asking for a time on any calendar many times at once has one hold", async () => {
  const request = world.reservation({ start: inDays(9, "12:00"), offeringId: "cleaning" });
  const answers = await Promise.all(Array.from({ length: 6 }, () => world.booking.reserveSlot(request)));
  expect(new Set(answers.map(({ success, holdId, calendarId }) => `${success} ${holdId} ${calendarId}`)).size).toBe(1);
});

test("calls are spread over the calendars, and one that asks for somebody by name gets them", async () => {
  const times = ["09:00", "10:00", "11:00", "12:00", "13:00", "14:00"].map((clock) => inDays(15, clock));
  const answers = await Promise.all(times.map((start) => world.reserve({ start, offeringId: "cleaning" })));
  const onSmith = answers.filter((answer) => answer.calendarId === "cal-smith");
  expect(onSmith).toHaveLength(3);
  const named = { start: inDays(15, "15:00"), offeringId: "cleaning", calendarId: "dr. Jones" };
  expect(await world.reserve(named)).toMatchObject({ calendarId: "cal-jones", calendarName: "Dr. Jones" });
  expect(await world.reserve(named)).toMatchObject(loser);
});

test("unknown offerings and calendars of other offerings are refused, and tenants do not see each other's holds", async () => {
  const start = inDays(7, "10:00");
  await expect(world.reserve({ start, offeringId: "surgery" })).rejects.toMatchObject({ reason: "offering_not_found" });
  await expect(world.reserve({ start, calendarId: "cal-jones" })).rejects.toMatchObject({
    reason: "calendar_not_found",
  });
  const answers = [await world.reserve({ start }), await world.reserve({ start, tenantId: SPARKS })];
  expect(answers.map((answer) => answer.success)).toEqual([true, true]);
});

test("neither phone nor e-mail is refused before anything is looked up, and so is what is neither", async () => {
  const start = inDays(7, "11:00");
  const nobody = { name: "Jane", phone: "", email: " " };
  const refusal = { reason: "invalid_argument", message: "I need your email or phone" };
  const unknownTenant = "c0000000-0000-4000-8000-000000000009";
  await expect(world.reserve({ start, tenantId: unknownTenant, customer: nobody })).rejects.toMatchObject(refusal);
  await expect(world.reserve({ start, customer: { ...nobody, phone: "my cell" } })).rejects.toMatchObject(refusal);
});

test("50 requests without a call and with the same e-mail only reserve 50 slots: one contact, none failed", async () => {
  const customer = { name: "", phone: "", email: "pat.doe@example.com" };
  const slots = Array.from(
    { length: 50 },
    (_, n) => new Date(inDays(10 + Math.floor(n / 16), "09:00").getTime() + (n % 16) * 30 * 60_000),
  );
  const answers = await Promise.all(slots.map((start) => world.reserve({ callId: "", start, customer })));
  expect(answers.filter((answer) => answer.success)).toHaveLength(50);
  const contacts = await contactsOf(customer.email);
  expect(contacts).toHaveLength(1);
  expect(contacts[0]).toMatchObject({ name: "pat.doe", phone: null, booking_source: "phone_ai" });
  expect(new Set(answers.map((answer) => answer.contactId))).toEqual(new Set([contacts[0].id]));
  for (const { holdId } of answers) expect(await hold(holdId)).toMatchObject({ status: "held" });
});

test("a later booking updates the contact: the same phone is one contact with the newer name and e-mail", async () => {
  const phone = "+15551234567";
  const first = await world.reserve({
    start: inDays(8, "09:00"),
    customer: { name: "", phone, email: "test1@example.com" },
  });
  const second = await world.reserve({
    start: inDays(8, "10:00"),
    customer: { name: "Jane Roe", phone: "+1 (555) 123-4567", email: "test2@example.com" },
  });
  expect(second.contactId).toBe(first.contactId);
  expect(await contactsOf("test2@example.com")).toMatchObject([
    { name: "Jane Roe", phone, last_booking_hold_id: second.holdId },
  ]);
});

test("whoever names only the e-mail of a contact with a phone gets a contact of their own", async () => {
  const email = "shared@example.com";
  const known = await world.reserve({
    start: inDays(8, "11:00"),
    customer: { name: "", phone: "+15551230055", email },
  });
  const other = await world.reserve({ start: inDays(8, "12:00"), customer: { name: "", phone: "", email } });
  expect(other.contactId).not.toBe(known.contactId);
});
