import { AttemptStatus } from "@bookproof/proto/booking";
import { eventually } from "@bookproof/testing";
import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import { adminToken, type InProcessWorld, startInProcessWorld } from "../support/in-process-world.ts";
import { clinic, clinicId, clinicOwner, clinicPhone, googleCalendar } from "../support/tenants.ts";

const googleId = "smith@group.calendar.google.com";
const snag = "I hit a snag confirming this. A human will text you shortly.";
const patchOf = { method: "PATCH", path: "/events/" };
const readOf = { method: "GET", path: "/events/" };
const deleteOf = { method: "DELETE", path: "/events/" };
const { ATTEMPT_STATUS_CONFIRMED, ATTEMPT_STATUS_FAILED, ATTEMPT_STATUS_SLOT_TAKEN } = AttemptStatus;
const halfHour = 30 * 60_000;

let world: InProcessWorld;
let customers = 0;

beforeAll(async () => {
  world = await startInProcessWorld({ tenants: [clinic(googleCalendar("cal-smith", "Dr. Smith", googleId))] });
}, 60_000);
afterEach(() => {
  world.google.faults.clear();
});
afterAll(() => world.close());

/** 10:00 in New York, so many days from now; each test has days of its own. */
let days = 2;
function tenOClock(): Date {
  const date = new Date(Date.now() + ++days * 86_400_000);
  date.setUTCHours(15, 0, 0, 0);
  return date;
}
const after = (start: Date, ms: number) => new Date(start.getTime() + ms);

async function claim(phone: string, start: Date, offeringId = "consultation") {
  return world.booking.claimSlot({
    ...{ tenantId: clinicId, holdId: crypto.randomUUID(), offeringId, calendarId: "cal-smith", start },
    ...{ callSid: "", customerName: "Jane Roe", customerPhone: phone, replacesHoldId: "", cid: `cid-${phone}` },
  });
}
const claimMove = ({ phone, appointmentId }: Booked, start: Date) =>
  world.booking.claimMoveSlot({
    ...{ tenantId: clinicId, holdId: crypto.randomUUID(), appointmentId, calendarId: "", start, callSid: "" },
    customerPhone: phone,
  });

/** A booked appointment, told and proven. */
async function booked(offeringId?: string) {
  const phone = `+1555126${String(++customers).padStart(4, "0")}`;
  const start = tenOClock();
  const { holdId } = await claim(phone, start, offeringId);
  const { appointmentId, calendarEventId, status } = await world.booking.confirmBooking({
    ...{ tenantId: clinicId, holdId, cid: `cid-${phone}`, conversationId: "", messageSid: "", address: "" },
    ...{ customer: { name: "Jane Roe", phone, email: "" }, notAfter: undefined, businessPhone: clinicPhone },
    bookingSource: "manual",
  });
  expect(status).toBe(ATTEMPT_STATUS_CONFIRMED);
  await eventually("the confirmation", () => world.received(phone).some((body) => body.includes("all set")));
  return { phone, start, appointmentId, calendarEventId };
}
type Booked = Awaited<ReturnType<typeof booked>>;

const change = ({ phone, appointmentId }: Booked) => ({
  ...{ tenantId: clinicId, appointmentId, cid: `change-${phone}`, conversationId: "", messageSid: "" },
  ...{ customerPhone: phone, businessPhone: clinicPhone, notAfter: undefined },
});
async function move(appointment: Booked, to: Date) {
  const { holdId, success } = await claimMove(appointment, to);
  expect(success).toBe(true);
  return world.booking.moveAppointment({ ...change(appointment), holdId });
}
const cancel = (appointment: Booked, actionId: string = crypto.randomUUID()) =>
  world.booking.cancelAppointment({ ...change(appointment), actionId });

const eventOf = ({ calendarEventId }: Booked) => world.google.ledger.event(googleId, calendarEventId);
const startOf = (appointment: Booked) => eventOf(appointment)?.startAt;
const isLive = (appointment: Booked) => eventOf(appointment)?.status !== "cancelled";
const proofOf = async ({ appointmentId }: Booked) =>
  (
    await world.booking.getBookingProof({
      tenantId: clinicId,
      subject: { $case: "appointmentId", value: appointmentId },
    })
  ).status;
const alertsAbout = ({ phone }: Booked) => world.received(clinicOwner).filter((body) => body.includes(phone));
const textsWith = ({ phone }: Booked, words: string) => world.received(phone).filter((body) => body.includes(words));
/** When the reminders of an appointment are due. */
const remindersOf = async ({ appointmentId }: Booked): Promise<Date[]> =>
  (
    await world.database.query(
      `SELECT run_at FROM notifier_jobs._private_jobs JOIN notifier_jobs._private_tasks t ON t.id = task_id
       WHERE t.identifier = 'remind_customer' AND payload #>> '{payload,appointmentId}' = $1 AND payload #>> '{payload,start}' <> ''`,
      [appointmentId],
    )
  ).rows.map(({ run_at }) => run_at);
async function isFree(start: Date): Promise<boolean> {
  const { success, holdId } = await claim("+15551269999", start);
  if (success) await world.booking.releaseHold({ tenantId: clinicId, holdId });
  return success;
}

test("a move: the event is at its new time, the old slot is free, the customer is told with the proof", async () => {
  const appointment = await booked();
  const to = after(appointment.start, 4 * halfHour);
  const answer = await move(appointment, to);
  expect(answer).toMatchObject({ status: ATTEMPT_STATUS_CONFIRMED, appointment: { start: to } });
  expect(startOf(appointment)).toBe(to.getTime());
  expect(await isFree(appointment.start)).toBe(true);
  expect(await isFree(to)).toBe(false);
  const [text] = await eventually("the notice", () => {
    const texts = textsWith(appointment, "Your appointment is moved");
    return texts.length > 0 && texts;
  });
  expect(text).toMatch(/Consultation on .* at 12:00 PM with Dr\. Smith/);
  expect(alertsAbout(appointment)).toEqual([]);
});

test("a move by less than its own length: nobody can come between the two times", async () => {
  const appointment = await booked();
  const to = after(appointment.start, halfHour / 2);
  const { holdId } = await claimMove(appointment, to);
  // While both are there, each part of either is taken.
  for (const start of [appointment.start, to, after(appointment.start, halfHour)])
    expect(await isFree(start)).toBe(false);
  const answer = await world.booking.moveAppointment({ ...change(appointment), holdId });
  expect(answer.status).toBe(ATTEMPT_STATUS_CONFIRMED);
  expect(startOf(appointment)).toBe(to.getTime());
  expect(await isFree(after(appointment.start, -halfHour / 2))).toBe(true);
  expect(await isFree(appointment.start)).toBe(false);
});

test("the openings for a move: its own time stands in no way, and is not offered", async () => {
  // An hour, and a quarter of an hour after it: half an hour to either side overlaps what it has.
  const appointment = await booked("whitening");
  const openings = async (movesAppointmentId: string) => {
    const window = { from: after(appointment.start, -halfHour), to: after(appointment.start, 2 * halfHour) };
    const asked = { tenantId: clinicId, offeringId: "whitening", windows: [window], limit: 10, ownHoldId: "" };
    const found = await world.booking.findOpenings({ ...asked, conversationId: "", movesAppointmentId });
    return found.openings.map(({ start }) => (start?.getTime() ?? 0) - appointment.start.getTime());
  };
  expect(await openings("")).toEqual([]);
  expect(await openings(appointment.appointmentId)).toEqual([-halfHour, halfHour]);
  const moved = await move(appointment, after(appointment.start, -halfHour));
  expect(moved.status).toBe(ATTEMPT_STATUS_CONFIRMED);
  expect(startOf(appointment)).toBe(appointment.start.getTime() - halfHour);
});

test("the same CONFIRM of a move many times at once is one move and one notice", async () => {
  const appointment = await booked();
  const { holdId } = await claimMove(appointment, after(appointment.start, 2 * halfHour));
  const answers = await Promise.all(
    Array.from({ length: 5 }, () => world.booking.moveAppointment({ ...change(appointment), holdId })),
  );
  expect(new Set(answers.map(({ attemptId }) => attemptId)).size).toBe(1);
  expect(answers.some(({ status }) => status === ATTEMPT_STATUS_FAILED)).toBe(false);
  await eventually("the notice", () => textsWith(appointment, "is moved").length === 1);
  const again = await world.booking.moveAppointment({ ...change(appointment), holdId });
  expect(again.status).toBe(ATTEMPT_STATUS_CONFIRMED);
  expect(textsWith(appointment, "is moved")).toHaveLength(1);
});

test("a move by API that is asked for again, as after a lost answer, is the same move", async () => {
  const appointment = await booked();
  const body = JSON.stringify({
    ...{ tenantId: clinicId, actionId: crypto.randomUUID() },
    start: after(appointment.start, 2 * halfHour).toISOString(),
  });
  const ask = async () => {
    const response = await fetch(`${world.gatewayUrl}/api/appointments/${appointment.appointmentId}/move`, {
      ...{ method: "POST", body },
      headers: { authorization: `Bearer ${adminToken}`, "content-type": "application/json" },
    });
    return [response.status, await response.json()];
  };
  const first = await ask();
  expect(first).toEqual([200, expect.objectContaining({ status: "confirmed" })]);
  expect(await ask()).toEqual(first);
  await eventually("the notice", () => textsWith(appointment, "is moved").length === 1);
});

test("a move to an earlier day is reminded of before its new time", async () => {
  const appointment = await booked();
  const to = after(appointment.start, -48 * 2 * halfHour + 6 * halfHour);
  await eventually("the first reminder waits", async () => (await remindersOf(appointment)).length === 1);
  expect((await move(appointment, to)).status).toBe(ATTEMPT_STATUS_CONFIRMED);
  await eventually("one in time", async () => (await remindersOf(appointment)).some((due) => due < to));
});

test("a move whose answer was lost is proven by reading the event back", async () => {
  const appointment = await booked();
  world.google.faults.add({ kind: "error-after", match: patchOf, status: 503, times: 1 });
  const to = after(appointment.start, 2 * halfHour);
  expect((await move(appointment, to)).status).toBe(ATTEMPT_STATUS_CONFIRMED);
  expect(startOf(appointment)).toBe(to.getTime());
});

test("a move that the calendar refuses: the appointment stays, proven, the new slot is kept, the owner is told", async () => {
  const appointment = await booked();
  world.google.faults.add({ kind: "fail-before", match: patchOf, status: 403, code: "forbidden" });
  const to = after(appointment.start, 2 * halfHour);
  const answer = await move(appointment, to);
  expect(answer).toMatchObject({
    ...{ status: ATTEMPT_STATUS_FAILED, reason: "move_failed_after_confirm" },
    appointment: { start: appointment.start },
  });
  expect(startOf(appointment)).toBe(appointment.start.getTime());
  const [alert] = await eventually("the alert", () => alertsAbout(appointment).length > 0 && alertsAbout(appointment));
  expect(alert).toContain("a move FAILED after CONFIRM");
  await eventually("the neutral text", () => textsWith(appointment, snag).length === 1);
  expect(textsWith(appointment, "is moved")).toEqual([]);
  expect(await isFree(appointment.start)).toBe(false);
  expect(await isFree(to)).toBe(false);
  expect(await proofOf(appointment)).toBe("PROOF_STATUS_PROVEN");
});

test("a move of which nobody knows whether it took effect is put back, and is no proof until it is", async () => {
  const appointment = await booked();
  const to = after(appointment.start, 2 * halfHour);
  world.google.faults.add({ kind: "error-after", match: patchOf, status: 503, times: 1 });
  world.google.faults.add({ kind: "fail-before", match: readOf, status: 503 });
  expect((await move(appointment, to)).status).toBe(ATTEMPT_STATUS_FAILED);
  expect(startOf(appointment)).toBe(to.getTime());
  // Neither booked at the old time nor moved: the calendar shows something else.
  expect(await proofOf(appointment)).toBe("PROOF_STATUS_NO_CALENDAR_EVENT");
  await expect(cancel(appointment)).rejects.toThrow("still being settled");
  await eventually("the alert", () => alertsAbout(appointment).length === 1);
  world.google.faults.clear();
  await eventually("the event is put back", () => startOf(appointment) === appointment.start.getTime(), 20_000);
  await eventually("the proof", async () => (await proofOf(appointment)) === "PROOF_STATUS_PROVEN", 30_000);
  expect(textsWith(appointment, "is moved")).toEqual([]);
}, 60_000);

test("a move to a slot that somebody else has meanwhile changes nothing", async () => {
  const appointment = await booked();
  const to = after(appointment.start, 2 * halfHour);
  const { holdId } = await claimMove(appointment, to);
  await world.database.query(
    "UPDATE booking.appointment_holds SET expires_at = now() - interval '1 second' WHERE id = $1",
    [holdId],
  );
  expect((await claim("+15551269998", to)).success).toBe(true);
  const answer = await world.booking.moveAppointment({ ...change(appointment), holdId });
  expect(answer).toMatchObject({ status: ATTEMPT_STATUS_SLOT_TAKEN, appointment: { start: appointment.start } });
  expect(startOf(appointment)).toBe(appointment.start.getTime());
  expect(await proofOf(appointment)).toBe("PROOF_STATUS_PROVEN");
});

test("a cancellation: the event is gone, the slot is free, the customer is told with the proof", async () => {
  const appointment = await booked();
  expect((await cancel(appointment)).status).toBe(ATTEMPT_STATUS_CONFIRMED);
  expect(isLive(appointment)).toBe(false);
  expect(await isFree(appointment.start)).toBe(true);
  expect(await proofOf(appointment)).toBe("PROOF_STATUS_NOT_BOOKED");
  const [text] = await eventually("the notice", () => {
    const texts = textsWith(appointment, "Your appointment is cancelled");
    return texts.length > 0 && texts;
  });
  expect(text).toContain("at 10:00 AM");
  expect(text).not.toMatch(/reply cancel/i);
  await expect(cancel(appointment)).rejects.toThrow("not a confirmed one");
});

test("a cancellation that the calendar refuses: the appointment stands, proven, and the owner is told", async () => {
  const appointment = await booked();
  world.google.faults.add({ kind: "fail-before", match: deleteOf, status: 403, code: "forbidden" });
  const answer = await cancel(appointment);
  expect(answer).toMatchObject({ status: ATTEMPT_STATUS_FAILED, reason: "cancel_failed_after_confirm" });
  expect(isLive(appointment)).toBe(true);
  const [alert] = await eventually("the alert", () => alertsAbout(appointment).length > 0 && alertsAbout(appointment));
  expect(alert).toContain("a cancellation FAILED after CONFIRM");
  expect(await proofOf(appointment)).toBe("PROOF_STATUS_PROVEN");
  expect(await isFree(appointment.start)).toBe(false);
  expect(textsWith(appointment, "is cancelled")).toEqual([]);
});

test("a cancellation of which nobody knows whether it took effect is no proof of anything, and is looked at again", async () => {
  const appointment = await booked();
  world.google.faults.add({ kind: "error-after", match: deleteOf, status: 503, times: 1 });
  world.google.faults.add({ kind: "fail-before", match: readOf, status: 503 });
  expect((await cancel(appointment)).status).toBe(ATTEMPT_STATUS_FAILED);
  expect(await proofOf(appointment)).toBe("PROOF_STATUS_NO_CALENDAR_EVENT");
  world.google.faults.clear();
  const drift = async () =>
    (await world.database.query("SELECT drift FROM booking.appointments WHERE id = $1", [appointment.appointmentId]))
      .rows[0]?.drift;
  await eventually("what the calendar shows", async () => (await drift()) === "deleted", 20_000);
  expect(await proofOf(appointment)).toBe("PROOF_STATUS_NO_CALENDAR_EVENT");
});

test("an attempt that died after it changed the calendar is settled at its deadline by what the calendar shows", async () => {
  const appointment = await booked();
  const to = after(appointment.start, 2 * halfHour);
  const moved = await move(appointment, to);
  // As it stands after a death between the patch and T2.
  await world.database.query("UPDATE booking.booking_attempts SET status = 'started' WHERE id = $1", [moved.attemptId]);
  await world.database.query(
    `UPDATE booking.appointment_holds SET status = 'held', busy_range = busy_range WHERE id = (SELECT hold_id FROM booking.booking_attempts WHERE id = $1)`,
    [moved.attemptId],
  );
  await world.database.query(
    `UPDATE booking.appointment_holds SET status = 'confirmed' WHERE id = (SELECT (snapshot #>> '{was,holdId}')::uuid FROM booking.booking_attempts WHERE id = $1)`,
    [moved.attemptId],
  );
  await world.database.query(
    `UPDATE booking.appointments SET scheduled_at = $2, hold_id = (SELECT (snapshot #>> '{was,holdId}')::uuid FROM booking.booking_attempts WHERE id = $3) WHERE id = $1`,
    [appointment.appointmentId, appointment.start, moved.attemptId],
  );
  const envelope = { payload: { tenantId: clinicId, attemptId: moved.attemptId }, cid: "", attempt: 1 };
  await world.database.query("SELECT booking.enqueue('settle_attempt', $1, NULL, NULL, NULL)", [
    JSON.stringify(envelope),
  ]);
  await eventually("the row follows", async () => {
    const { rows } = await world.database.query("SELECT scheduled_at FROM booking.appointments WHERE id = $1", [
      appointment.appointmentId,
    ]);
    return rows[0]?.scheduled_at.getTime() === to.getTime();
  });
  expect(await isFree(appointment.start)).toBe(true);
});

test("nobody changes another's appointment, nor another tenant's, nor with a hold that was made to book", async () => {
  const appointment = await booked();
  const stranger = { ...change(appointment), customerPhone: "+15551260000" };
  await expect(world.booking.cancelAppointment({ ...stranger, actionId: crypto.randomUUID() })).rejects.toThrow(
    "No such appointment",
  );
  const elsewhere = { ...change(appointment), tenantId: "b0000000-0000-0000-0000-000000000002" };
  await expect(world.booking.cancelAppointment({ ...elsewhere, actionId: crypto.randomUUID() })).rejects.toThrow(
    "No such appointment",
  );
  const { holdId } = await claim(appointment.phone, after(appointment.start, 2 * halfHour));
  await expect(world.booking.moveAppointment({ ...change(appointment), holdId })).rejects.toThrow("No such hold");
  expect(await proofOf(appointment)).toBe("PROOF_STATUS_PROVEN");
});
