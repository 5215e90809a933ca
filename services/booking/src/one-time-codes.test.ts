import { AttemptStatus, OtpSendStatus, OtpStatus, ProofStatus, type VerifyOtpRequest } from "@bookproof/proto/booking";
import { eventually } from "@bookproof/testing";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type BookingWorld, inDays, SMILE, SPARKS, startBookingWorld } from "./test/booking-world.ts";

let world: BookingWorld;
beforeAll(async () => {
  world = await startBookingWorld();
});
afterAll(() => world.stop());

let slots = 0;
/** A fresh hold for a customer of their own. */
async function held(customer: { phone?: string; email?: string } = {}) {
  const n = slots++;
  const phone = `+1555777${1000 + n}`;
  const start = new Date(inDays(2 + Math.floor(n / 15), "09:00").getTime() + (n % 15) * 30 * 60_000);
  const answer = await world.reserve({ start, customer: { name: "Jane Roe", phone, email: "", ...customer } });
  if (!answer.success) throw new Error(`the slot of hold ${n} is not free`);
  return { ...answer, start, phone };
}
const send = (holdId: string, more: { phone?: string; tenantId?: string } = {}) =>
  world.booking.sendOtp({ tenantId: SMILE, holdId, cid: "cid-1", phone: "", conversationId: "", ...more });
const verify = (holdId: string, code: string, more: Partial<VerifyOtpRequest> = {}) =>
  world.booking.verifyOtp({
    tenantId: SMILE,
    holdId,
    code,
    cid: "cid-1",
    conversationId: "",
    contactId: "",
    address: "",
    notAfter: undefined,
    businessPhone: "",
    ...more,
  });
const sentFor = (holdId: string) => world.notifier.codes.filter((one) => one.key.startsWith(`otp:${holdId}:`));
const codeFor = (holdId: string) => sentFor(holdId).at(-1)?.code ?? "";
const other = (code: string, by = 1) => String((Number(code) + by) % 10_000).padStart(4, "0");
const letRunOut = (id: string) =>
  world.database.query("UPDATE booking.appointment_holds SET expires_at = now() - interval '1 second' WHERE id = $1", [
    id,
  ]);
const statusOf = async (id: string) =>
  (await world.database.query("SELECT status FROM booking.appointment_holds WHERE id = $1", [id])).rows[0].status;

const sentBySms = { status: OtpSendStatus.OTP_SEND_STATUS_SENT_BY_SMS };
const sentByEmail = { status: OtpSendStatus.OTP_SEND_STATUS_SENT_BY_EMAIL };
const nothingToSend = { status: OtpSendStatus.OTP_SEND_STATUS_NO_LIVE_HOLD };
const limitReached = { status: OtpSendStatus.OTP_SEND_STATUS_LIMIT_REACHED };
const noLiveHold = { status: OtpStatus.OTP_STATUS_NO_LIVE_HOLD };

test("the right code books: a proven appointment that knows it was verified, and the event that tells the customer", async () => {
  const { holdId, contactId, start, phone } = await held();
  expect(await send(holdId, { phone })).toEqual(sentBySms);
  expect(sentFor(holdId)).toMatchObject([{ phone, email: "", code: expect.stringMatching(/^\d{4}$/) }]);

  const verified = await verify(holdId, codeFor(holdId), { contactId, address: "1 Main St" });
  expect(verified).toMatchObject({
    status: OtpStatus.OTP_STATUS_VERIFIED,
    booking: { status: AttemptStatus.ATTEMPT_STATUS_CONFIRMED, reason: "" },
  });
  const appointmentId = verified.booking?.appointmentId ?? "";
  expect(world.calendar.events.get(verified.booking?.calendarEventId ?? "")).toMatchObject({ appointmentId });
  const proof = await world.booking.getBookingProof({
    tenantId: SMILE,
    subject: { $case: "appointmentId", value: appointmentId },
  });
  expect(proof).toMatchObject({
    status: ProofStatus.PROOF_STATUS_PROVEN,
    appointment: { start, customerPhone: phone, customerName: "Jane Roe", bookingSource: "phone_ai", highValue: false },
  });
  const { rows } = await world.database.query(
    "SELECT a.otp_verified, a.otp_verified_at, c.booking_completed_at, c.last_booking_hold_id FROM booking.appointments a JOIN booking.contacts c ON c.id = a.contact_id WHERE a.id = $1",
    [appointmentId],
  );
  expect(rows).toEqual([
    {
      otp_verified: true,
      otp_verified_at: expect.any(Date),
      booking_completed_at: expect.any(Date),
      last_booking_hold_id: holdId,
    },
  ]);
  await eventually("the event of the booking", () =>
    world.notifier.published.find(
      ({ kind }) =>
        kind?.$case === "confirmed" &&
        kind.value.appointmentId === appointmentId &&
        kind.value.bookingSource === "phone_ai",
    ),
  );
});

test("the right code again answers as the first did, also while the first is still being carried out", async () => {
  const { holdId } = await held();
  await send(holdId);
  const gate = Promise.withResolvers<void>();
  world.calendar.state.insertGate = gate.promise;
  const first = verify(holdId, codeFor(holdId));
  await eventually("the attempt", async () => {
    const { rows } = await world.database.query("SELECT 1 FROM booking.booking_attempts WHERE hold_id = $1", [holdId]);
    return rows.length > 0;
  });
  const second = verify(holdId, codeFor(holdId));
  gate.resolve();
  expect((await first).booking?.status).toBe(AttemptStatus.ATTEMPT_STATUS_CONFIRMED);
  expect(await second).toEqual(await first);
  expect(await verify(holdId, codeFor(holdId))).toEqual(await first);
  expect(await verify(holdId, other(codeFor(holdId)))).toMatchObject(noLiveHold);
  expect(await send(holdId)).toEqual(nothingToSend);
});

test("a calendar that takes too long is answered as running in time", async () => {
  const { holdId } = await held();
  await send(holdId);
  const gate = Promise.withResolvers<void>();
  world.calendar.state.insertGate = gate.promise;
  const began = performance.now();
  const atFirst = world.config.voice.verifyMs;
  world.config.voice.verifyMs = 500;
  const late = await verify(holdId, codeFor(holdId), { notAfter: new Date(Date.now() + 10_000) });
  world.config.voice.verifyMs = atFirst;
  // Well before the insert itself would have been given up.
  expect(performance.now() - began).toBeLessThan(2_500);
  expect(late).toMatchObject({
    status: OtpStatus.OTP_STATUS_VERIFIED,
    booking: { status: AttemptStatus.ATTEMPT_STATUS_RUNNING },
  });
  gate.resolve();
  const settled = await verify(holdId, codeFor(holdId));
  expect(settled.booking?.status).toBe(AttemptStatus.ATTEMPT_STATUS_CONFIRMED);
});

test("a code that arrives after its time begins nothing and costs no try", async () => {
  const { holdId } = await held();
  await send(holdId);
  const late = verify(holdId, codeFor(holdId), { notAfter: new Date(Date.now() - 1) });
  await expect(late).rejects.toMatchObject({ reason: "too_late" });
  expect(await verify(holdId, other(codeFor(holdId)))).toMatchObject({ retriesLeft: 2 });
});

test("a calendar that refuses the event makes it a failed booking, never a booked one", async () => {
  const { holdId } = await held();
  await send(holdId);
  world.calendar.state.refuseInserts = true;
  const failed = await verify(holdId, codeFor(holdId));
  world.calendar.state.refuseInserts = false;
  expect(failed).toMatchObject({
    status: OtpStatus.OTP_STATUS_VERIFIED,
    booking: {
      status: AttemptStatus.ATTEMPT_STATUS_FAILED,
      reason: "calendar_failed_after_confirm",
      calendarEventId: "",
    },
  });
});

test("three wrong codes give the hold back; after the first two the right one still books", async () => {
  const { holdId } = await held();
  await send(holdId);
  const wrong = { status: OtpStatus.OTP_STATUS_WRONG_CODE };
  expect(await verify(holdId, other(codeFor(holdId)))).toMatchObject({ ...wrong, retriesLeft: 2 });
  expect(await verify(holdId, "erm, what?")).toMatchObject({ ...wrong, retriesLeft: 1 });
  expect(await verify(holdId, [...codeFor(holdId)].join(" - "))).toMatchObject({
    status: OtpStatus.OTP_STATUS_VERIFIED,
  });

  const { holdId: lost, start } = await held();
  await send(lost);
  await verify(lost, other(codeFor(lost), 1));
  await verify(lost, other(codeFor(lost), 2));
  expect(await verify(lost, other(codeFor(lost), 3))).toMatchObject({
    status: OtpStatus.OTP_STATUS_NO_TRIES_LEFT,
    retriesLeft: 0,
  });
  expect(await verify(lost, codeFor(lost))).toMatchObject(noLiveHold);
  expect(await statusOf(lost)).toBe("released");
  expect(await world.reserve({ start })).toMatchObject({ success: true });
});

test("tries are the hold's: a new code gives no new ones, and racing guesses get three in all", async () => {
  const { holdId } = await held();
  await send(holdId);
  await verify(holdId, other(codeFor(holdId)));
  await send(holdId);
  const guesses = await Promise.all([1, 2, 3, 4, 5, 6].map((by) => verify(holdId, other(codeFor(holdId), by))));
  expect(guesses.map(({ status }) => status).sort()).toEqual(
    [
      OtpStatus.OTP_STATUS_WRONG_CODE,
      OtpStatus.OTP_STATUS_NO_TRIES_LEFT,
      ...Array.from({ length: 4 }, () => OtpStatus.OTP_STATUS_NO_LIVE_HOLD),
    ].sort(),
  );
});

test("a new code replaces the earlier one", async () => {
  const { holdId } = await held();
  await send(holdId);
  const first = codeFor(holdId);
  await send(holdId);
  // One new code in ten thousand is the old one.
  if (codeFor(holdId) === first) await send(holdId);
  expect(await verify(holdId, first)).toMatchObject({ status: OtpStatus.OTP_STATUS_WRONG_CODE });
});

test("a code before one was sent, a hold that ran out, another's contact or phone: nothing to verify or send", async () => {
  const { holdId, start } = await held();
  expect(await verify(holdId, "1234")).toMatchObject({ status: OtpStatus.OTP_STATUS_NO_CODE });
  expect(await send(holdId, { phone: "+15559990000" })).toEqual(nothingToSend);
  await send(holdId);
  const stranger = await held();
  expect(await verify(holdId, codeFor(holdId), { contactId: stranger.contactId })).toMatchObject(noLiveHold);
  await letRunOut(holdId);
  expect(await verify(holdId, codeFor(holdId))).toMatchObject(noLiveHold);
  expect(await send(holdId)).toEqual(nothingToSend);
  expect(await world.reserve({ start })).toMatchObject({ success: true });
});

test("another tenant's hold is not found", async () => {
  const { holdId } = await held();
  expect(await send(holdId, { tenantId: SPARKS })).toEqual(nothingToSend);
  await send(holdId);
  expect(await verify(holdId, codeFor(holdId), { tenantId: SPARKS })).toMatchObject(noLiveHold);
});

test("a caller's hold is not confirmed without its code", async () => {
  const { holdId, phone } = await held();
  const confirm = world.booking.confirmBooking({
    tenantId: SMILE,
    holdId,
    cid: "cid-1",
    conversationId: "",
    customer: { name: "Jane", phone, email: "" },
    address: "",
    notAfter: undefined,
    messageSid: "",
    bookingSource: "sms",
    businessPhone: "",
  });
  await expect(confirm).rejects.toMatchObject({ reason: "permission_denied" });
});

test("a hold gets three codes and no more, whoever asks at once", async () => {
  const { holdId } = await held();
  const answers = await Promise.all(Array.from({ length: 6 }, () => send(holdId)));
  expect(answers.filter(({ status }) => status === sentBySms.status)).toHaveLength(3);
  expect(answers.filter(({ status }) => status === limitReached.status)).toHaveLength(3);
  expect(sentFor(holdId)).toHaveLength(3);
});

test("a phone gets six codes an hour over all its holds, and more an hour later", async () => {
  const phone = "+15551239999";
  const holds = [await held({ phone }), await held({ phone }), await held({ phone })];
  for (const { holdId } of holds.slice(0, 2)) for (let n = 0; n < 3; n++) expect(await send(holdId)).toEqual(sentBySms);
  const third = holds[2]?.holdId ?? "";
  expect(await send(third)).toEqual(limitReached);
  await world.database.query(
    "UPDATE booking.otp_sends SET sent_at = sent_at - interval '61 minutes' WHERE hold_id = $1",
    [holds[0]?.holdId],
  );
  expect(await send(third)).toEqual(sentBySms);
});

test("a tenant has a number of codes an hour, which another tenant's do not count against", async () => {
  const { holdId } = await held();
  const { rows } = await world.database.query(
    "SELECT count(*)::int AS sent FROM booking.otp_sends WHERE tenant_id = $1 AND sent_at > now() - interval '1 hour'",
    [SMILE],
  );
  const atFirst = world.config.voice.codesPerTenant;
  world.config.voice.codesPerTenant = rows[0].sent + 1;
  try {
    expect(await send(holdId)).toEqual(sentBySms);
    expect(await send(holdId)).toEqual(limitReached);
    const elsewhere = await world.reserve({ tenantId: SPARKS, start: inDays(2, "09:00") });
    expect(await send(elsewhere.holdId, { tenantId: SPARKS })).toEqual(sentBySms);
  } finally {
    world.config.voice.codesPerTenant = atFirst;
  }
});

test("a phone that cannot be reached gets the code by e-mail, and without one the caller goes to a human", async () => {
  const email = "jane@example.com";
  const withEmail = await held({ email });
  const without = await held();
  world.notifier.state.unreachable.add(withEmail.phone).add(without.phone);
  expect(await send(withEmail.holdId)).toEqual(sentByEmail);
  expect(sentFor(withEmail.holdId)).toMatchObject([{ phone: "", email }]);
  expect(await verify(withEmail.holdId, codeFor(withEmail.holdId))).toMatchObject({
    booking: { status: AttemptStatus.ATTEMPT_STATUS_CONFIRMED },
  });
  expect(await send(without.holdId)).toEqual({ status: OtpSendStatus.OTP_SEND_STATUS_UNREACHABLE });
});

test("a customer with an e-mail alone is booked to the end, and the owner can reach them when it fails", async () => {
  const email = "mail.only@example.com";
  const { holdId } = await held({ phone: "", email });
  expect(await send(holdId)).toEqual(sentByEmail);
  const { booking } = await verify(holdId, codeFor(holdId));
  expect(booking?.status).toBe(AttemptStatus.ATTEMPT_STATUS_CONFIRMED);
  const { appointment } = await world.booking.getBookingProof({
    tenantId: SMILE,
    subject: { $case: "appointmentId", value: booking?.appointmentId ?? "" },
  });
  expect(appointment).toMatchObject({ customerPhone: "", customerEmail: email });
  await eventually("the event with the e-mail", () =>
    world.notifier.published.find(({ kind }) => kind?.$case === "confirmed" && kind.value.customerEmail === email),
  );

  const second = await held({ phone: "", email });
  await send(second.holdId);
  world.calendar.state.refuseInserts = true;
  await verify(second.holdId, codeFor(second.holdId));
  world.calendar.state.refuseInserts = false;
  const failure = await eventually("the failure", () =>
    world.notifier.published.find(
      ({ kind }) => kind?.$case === "failed" && kind.value.requested?.customerName.includes(email),
    ),
  );
  expect(failure.kind?.$case === "failed" && failure.kind.value.requested?.customerName).toBe(`Jane Roe <${email}>`);
});

test("the database never holds a code: only a keyed hash, which a plain hash does not reproduce", async () => {
  const { holdId, phone } = await held();
  await send(holdId);
  const { rows } = await world.database.query("SELECT otp_code FROM booking.appointment_holds WHERE id = $1", [holdId]);
  expect(rows[0].otp_code).toMatch(/^[\w-]{43}$/);
  expect(rows[0].otp_code).not.toContain(codeFor(holdId));
  const counted = await world.database.query("SELECT * FROM booking.otp_sends WHERE hold_id = $1", [holdId]);
  expect(JSON.stringify(counted.rows)).not.toContain(phone);
  expect(world.lines.join("")).not.toMatch(new RegExp(`"code"|\\bcode=${codeFor(holdId)}`));
});
