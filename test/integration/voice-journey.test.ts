import { createVapiCaller } from "@bookproof/simulators";
import { eventually } from "@bookproof/testing";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { DateTime } from "luxon";
import { adminToken, type InProcessWorld, startInProcessWorld } from "../support/in-process-world.ts";
import { flowOf, untilNeedsHuman } from "../support/journeys.ts";
import {
  clinic,
  clinicHotLeads,
  clinicId,
  clinicOwner,
  clinicPhone,
  clinicVapiSecret,
  googleCalendar,
  plumber,
  plumberVapiSecret,
} from "../support/tenants.ts";

const googleId = "smith@group.calendar.google.com";
let world: InProcessWorld;
let callers = 0;
const newCaller = () => `+1555777${String(++callers).padStart(4, "0")}`;

beforeAll(async () => {
  world = await startInProcessWorld({
    tenants: [clinic(googleCalendar("cal-smith", "Dr. Smith", googleId)), plumber()],
  });
}, 60_000);
afterEach(() => {
  world.google.faults.clear();
  world.twilio.faults.clear();
});
afterAll(() => world.close());

const day = (days: number) => DateTime.now().setZone("America/New_York").plus({ days }).toISODate() ?? "";
const call = (callerNumber: string, dialect: "seed" | "vapi" = "vapi", secret = clinicVapiSecret) =>
  createVapiCaller({
    baseUrl: world.gatewayUrl,
    credential: { bearer: secret },
    dialect,
    callerNumber,
    calledNumber: clinicPhone,
  });

/** The code as the caller reads it from their phone. */
const codeSentTo = (phone: string) =>
  eventually("the code's text", () =>
    world
      .received(phone)
      .map((body) => /\b\d{4}\b/.exec(body)?.[0])
      .findLast((code) => code !== undefined),
  );

/** Plays a call up to the code that was sent. */
async function untilCode(customer: string, daysAhead: number, pick: number, dialect: "seed" | "vapi" = "vapi") {
  const phone = call(customer, dialect);
  const who = dialect === "seed" ? { tenantId: clinicId, patientPhone: customer } : {};
  const slots = await phone.tool("check_availability", { ...who, date: day(daysAhead) });
  const slot = (slots.content.slots as { time: string }[])[pick]?.time ?? "";
  const reserved = await phone.tool("reserve_atomic", {
    ...who,
    slotId: slot,
    calendarId: "cal-smith",
    patientName: "John Smith",
  });
  const holdId = String(reserved.content.holdId);
  const sent = await phone.tool("send_otp_code", { ...who, holdId });
  expect([slots.success, reserved.success, sent.success]).toEqual([true, true, true]);
  return { phone, holdId, slot, who, code: await codeSentTo(customer) };
}

describe.each(["vapi", "seed"] as const)("in the %s dialect", (dialect) => {
  test("a call is booked: slot held, code verified, confirmation by SMS with proof", async () => {
    const customer = newCaller();
    const { phone, holdId, who, code } = await untilCode(customer, dialect === "vapi" ? 3 : 4, 0, dialect);
    const verified = await phone.tool("verify_otp", { ...who, holdId, providedOTP: code });
    expect(verified).toMatchObject({ success: true, speech: "Perfect! Your appointment is confirmed." });
    const appointmentId = String(verified.content.appointmentId);
    const again = await phone.tool("verify_otp", { ...who, holdId, providedOTP: code });
    expect(again.content).toEqual(verified.content);
    const confirmed = await phone.tool("send_confirmation_sms", { ...who, appointmentId });
    expect(confirmed).toMatchObject({
      success: true,
      content: { messageSent: true, messageId: expect.stringMatching(/^SM/) },
    });
    const text = await eventually("the confirmation", () =>
      world.received(customer).find((body) => body.startsWith("Your appointment confirmed!")),
    );
    expect(text).toMatch(
      /📅 .* with Dr\. Smith\n💼 Smile Dental\n📞 .*\n\nCall to reschedule\. Reply STOP to unsubscribe\./,
    );
    const { rows } = await world.database.query(
      `SELECT a.status, a.calendar_event_id, a.otp_verified, c.booking_source FROM booking.appointments a
       JOIN booking.contacts c ON c.id = a.contact_id WHERE a.id = $1`,
      [appointmentId],
    );
    expect(rows).toEqual([
      { status: "confirmed", calendar_event_id: expect.any(String), otp_verified: true, booking_source: "phone_ai" },
    ]);
    expect(world.google.ledger.event(googleId, rows[0].calendar_event_id)?.status).toBe("confirmed");
  });
});

test("a wrong code twice, then the right one; three wrong ones give the slot back and call a human", async () => {
  const customer = newCaller();
  const { phone, holdId, code } = await untilCode(customer, 5, 0);
  const wrong = code === "0000" ? "1111" : "0000";
  expect((await phone.tool("verify_otp", { holdId, providedOTP: wrong })).content.retriesLeft ?? "").not.toBe(0);
  await phone.tool("verify_otp", { holdId, providedOTP: wrong });
  expect((await phone.tool("verify_otp", { holdId, providedOTP: code })).success).toBe(true);

  const unlucky = newCaller();
  const lost = await untilCode(unlucky, 6, 0);
  const bad = lost.code === "0000" ? "1111" : "0000";
  for (let i = 0; i < 3; i++) {
    const answer = await lost.phone.tool("verify_otp", { holdId: lost.holdId, providedOTP: bad });
    expect(answer.success).toBe(false);
    expect(answer.error).toMatch(/^NOT BOOKED/);
  }
  await untilNeedsHuman(world, unlucky);
  const { rows } = await world.database.query("SELECT status FROM booking.appointment_holds WHERE id = $1", [
    lost.holdId,
  ]);
  expect(rows).toEqual([{ status: "released" }]);
  expect((await lost.phone.tool("verify_otp", { holdId: lost.holdId, providedOTP: lost.code })).success).toBe(false);
});

test("the calendar is down at the code: NOT BOOKED is said, the owner is told, nothing is claimed", async () => {
  const customer = newCaller();
  const { phone, holdId, code } = await untilCode(customer, 7, 0);
  world.google.faults.add({
    kind: "fail-before",
    match: { method: "POST", path: "/events" },
    status: 403,
    code: "forbidden",
  });
  const answer = await phone.tool("verify_otp", { holdId, providedOTP: code });
  expect(answer.error).toMatch(/^NOT BOOKED/);
  await eventually("the owner's alert", () => world.received(clinicOwner).some((body) => body.includes(customer)));
  await untilNeedsHuman(world, customer);
  expect(world.received(customer).some((body) => /confirmed!|all set/i.test(body))).toBe(false);
});

test("the agent is away at the code: the owner is told, the conversation waits for a human, and the alert's cid settles both", async () => {
  const customer = newCaller();
  const { phone, holdId, code } = await untilCode(customer, 9, 0);
  await world.stop("agent");
  const answer = await phone.tool("verify_otp", { holdId, providedOTP: code });
  expect(answer.success).toBe(false);
  const alert = await eventually("the owner's alert", () =>
    world.received(clinicOwner).find((body) => body.includes(customer)),
  );
  await world.start("agent");
  await untilNeedsHuman(world, customer);

  const cid = /cid (\S+)/.exec(alert)?.[1];
  const resolved = await fetch(`${world.gatewayUrl}/api/conversations/resolve`, {
    method: "POST",
    headers: { authorization: `Bearer ${adminToken}`, "content-type": "application/json" },
    body: JSON.stringify({ cid }),
  });
  expect(await resolved.json()).toEqual({ resolved: true });
  const { conversations } = await flowOf(world, customer);
  expect(conversations[0]?.needsHuman).toBe(false);
  const { rows } = await world.database.query("SELECT status FROM notifier.escalations WHERE correlation_id = $1", [
    cid,
  ]);
  expect(rows).toEqual([{ status: "resolved" }]);
}, 60_000);

test("who hangs up after the code is confirmed by SMS all the same, and the owner hears of a hot lead once", async () => {
  const customer = newCaller();
  const { phone, holdId, code } = await untilCode(customer, 8, 0);
  expect((await phone.tool("verify_otp", { holdId, providedOTP: code })).success).toBe(true);
  const endedAt = new Date();
  const report = {
    transcript: "AI: Hi!\nUser: How much is a consultation?",
    startedAt: new Date(endedAt.getTime() - 8 * 60_000),
    endedAt,
  };
  await phone.hangUp(report);
  await phone.hangUp(report);
  await eventually("the confirmation", () =>
    world.received(customer).some((body) => body.startsWith("Your appointment confirmed!")),
  );
  const lead = await eventually("the hot lead", () =>
    world.received(clinicHotLeads).find((body) => body.includes(customer)),
  );
  expect(lead).toMatch(/^🔥 HOT LEAD! /);
  expect(world.received(clinicHotLeads).filter((body) => body.includes(customer))).toHaveLength(1);
});

test("a dropped call gives its slot back, and a transcript that claims a booking calls a human", async () => {
  const customer = newCaller();
  const { phone, holdId } = await untilCode(customer, 9, 0);
  await phone.hangUp({ transcript: "AI: You're all booked for tomorrow at 2!\nUser: Great." });
  await eventually("the slot is free again", async () => {
    const { rows } = await world.database.query("SELECT status FROM booking.appointment_holds WHERE id = $1", [holdId]);
    return rows[0]?.status === "released";
  });
  await untilNeedsHuman(world, customer);
});

test("a thousand callers race for one slot: one wins, the others hear that it is held, nobody gets an error", async () => {
  const slots = await call(newCaller()).tool("check_availability", { date: day(12) });
  const slotId = (slots.content.slots as { time: string }[])[0]?.time;
  const answers = await Promise.all(
    Array.from({ length: 1_000 }, async (_, index) => {
      const caller = call(`+1556${String(1_000_000 + index)}`, "seed");
      return caller.tool("reserve_atomic", {
        tenantId: clinicId,
        slotId,
        calendarId: "cal-smith",
        patientName: "Jane Roe",
        patientPhone: `+1556${String(1_000_000 + index)}`,
      });
    }),
  );
  expect(answers.filter((answer) => answer.success)).toHaveLength(1);
  expect(answers.filter((answer) => answer.error === "Slot already held")).toHaveLength(999);
  expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200]));
}, 120_000);

test("another tenant's credential, hold or number behaves as not found", async () => {
  const customer = newCaller();
  const { holdId, code } = await untilCode(customer, 10, 0);
  const stranger = createVapiCaller({
    baseUrl: world.gatewayUrl,
    credential: { bearer: plumberVapiSecret },
    dialect: "seed",
    callerNumber: customer,
    calledNumber: clinicPhone,
  });
  expect((await stranger.tool("verify_otp", { holdId, providedOTP: code })).success).toBe(false);
  expect((await stranger.tool("check_availability", { tenantId: clinicId, date: day(3) })).success).toBe(false);
  const { rows } = await world.database.query("SELECT status FROM booking.appointment_holds WHERE id = $1", [holdId]);
  expect(rows).toEqual([{ status: "held" }]);
  expect(
    (await fetch(`${world.gatewayUrl}/api/vapi/tools/calendar/check`, { method: "POST", body: "{}" })).status,
  ).toBe(401);
});

test("fifty bookings at once with the same e-mail make one contact, and none fails", async () => {
  const reserved = await Promise.all(
    Array.from({ length: 50 }, async (_, index) => {
      const caller = createVapiCaller({
        baseUrl: world.gatewayUrl,
        credential: { bearer: plumberVapiSecret },
        dialect: "seed",
        callerNumber: "",
        calledNumber: "",
      });
      const start = DateTime.now()
        .setZone("America/Los_Angeles")
        .plus({ days: 2 + Math.trunc(index / 8) })
        .startOf("day")
        .plus({ hours: 9 + (index % 8) });
      return caller.tool("reserve_atomic", {
        slotId: start.toUTC().toISO(),
        calendarId: "cal-van",
        patientName: "",
        patientEmail: "jo@example.com",
      });
    }),
  );
  expect(reserved.filter((answer) => !answer.success).map((answer) => answer.error)).toEqual([]);
  const { rows } = await world.database.query(
    "SELECT name FROM booking.contacts WHERE lower(email) = 'jo@example.com'",
  );
  expect(rows).toEqual([{ name: "jo" }]);
  const held = await world.database.query(
    "SELECT count(*)::int AS n FROM booking.appointment_holds WHERE status = 'held' AND patient_email = 'jo@example.com'",
  );
  expect(held.rows).toEqual([{ n: 50 }]);
}, 60_000);

test("a caller with an e-mail address alone is booked to the end: code and confirmation by e-mail", async () => {
  const email = "ann@example.com";
  const phone = createVapiCaller({
    baseUrl: world.gatewayUrl,
    credential: { secretHeader: plumberVapiSecret },
    dialect: "seed",
    callerNumber: "",
    calledNumber: "",
  });
  const slots = await phone.tool("check_availability", { date: day(20) });
  const slotId = (slots.content.slots as { time: string }[])[0]?.time;
  const reserved = await phone.tool("reserve_atomic", {
    slotId,
    calendarId: "cal-van",
    patientName: "Ann Lee",
    patientEmail: email,
  });
  const { holdId } = reserved.content;
  expect(await phone.tool("send_otp_code", { holdId })).toMatchObject({
    success: true,
    speech: "Code sent to your email",
  });
  const code = await eventually(
    "the code's mail",
    () => /\b\d{4}\b/.exec(world.mailbox.messages(email)[0]?.text ?? "")?.[0],
  );
  const verified = await phone.tool("verify_otp", { holdId, providedOTP: code });
  expect(verified.success).toBe(true);
  const { appointmentId } = verified.content;
  expect((await phone.tool("send_confirmation_sms", { appointmentId })).success).toBe(true);
  await eventually("the confirmation's mail", () =>
    world.mailbox.messages(email).some((mail) => mail.text.includes("Your appointment confirmed!")),
  );
});
