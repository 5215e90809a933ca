import { randomInt, randomUUID } from "node:crypto";
import { deterministicUuid } from "@bookproof/postgres";
import { AttemptStatus, ProofStatus } from "@bookproof/proto/booking";
import { eventually } from "@bookproof/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { provenFor } from "./test/stand-ins.ts";
import { SMILE, SPARKS, startWorld, type World } from "./test/start-world.ts";

/** 2 PM in New York. */
const slot = "2027-01-15T19:00:00.000Z";
const later = "2027-01-15T20:30:00.000Z";

let world: World;
let caller: { tenantId: string; callId: string; callerPhone: string; calledPhone: string };
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());
beforeEach(() => {
  nextCall();
  world.booking.unreadable = false;
  world.booking.hangs = false;
  world.booking.confirmAs = AttemptStatus.ATTEMPT_STATUS_CONFIRMED;
  world.booking.openings = ["2027-01-15T15:00:00.000Z", slot, later].map((start) => ({
    calendarId: "cal-smith",
    calendarName: "Dr. Smith",
    start: new Date(start),
    end: new Date(Date.parse(start) + 3_600_000),
  }));
});

/** Another caller, and every slot free again. */
function nextCall() {
  const callerPhone = `+1555${randomInt(1_000_000, 9_999_999)}`;
  caller = { tenantId: SMILE, callId: `call-${randomUUID()}`, callerPhone, calledPhone: "+15550100001" };
  world.booking.heldBy.clear();
}
const check = (date: string) => world.agent.checkAvailability({ caller, date });
const reserve = (wanted: { slotId?: string; patientPhone?: string } = {}, who = caller) =>
  world.agent.reserveAtomic({
    caller: who,
    slotId: slot,
    calendarId: "cal-smith",
    patientName: "John Smith",
    ...wanted,
  });
const sendCode = (holdId: string) => world.agent.sendOtpCode({ caller, holdId });
const verify = (holdId: string, providedOtp = "1234") => world.agent.verifyOtpCode({ caller, holdId, providedOtp });
const endCall = (more: { transcript?: string; minutes?: number } = {}) => {
  const endedAt = new Date();
  const startedAt = new Date(endedAt.getTime() - (more.minutes ?? 2) * 60_000);
  return world.agent.recordCallEnd({ caller, endedReason: "customer-ended-call", startedAt, endedAt, ...more });
};
const alertsOf = (phone = caller.callerPhone) =>
  world.notifier.alerts.filter(({ requested }) => requested?.customerPhone === phone).map(({ reason }) => reason);
const alertOf = (reason: string) => eventually(`alert ${reason}`, () => alertsOf().includes(reason));
async function book() {
  const { holdId } = await reserve();
  await sendCode(holdId);
  const { appointmentId } = await verify(holdId);
  world.booking.proofs.set(appointmentId, provenFor(appointmentId, caller.callerPhone));
  return { holdId, appointmentId };
}

describe("a whole call", () => {
  test("books: times, hold, code, appointment and confirmation, in the seed's words", async () => {
    const found = await check("2027-01-15");
    expect(found.outcome?.speech).toBe("On Friday, January 15, we have times available at 10 AM, 2 PM, or 3:30 PM.");
    expect(found.slots.map(({ time, provider }) => [time?.toISOString(), provider])[1]).toEqual([slot, "Dr. Smith"]);

    const held = await reserve();
    expect(held.outcome).toEqual({
      success: true,
      speech: "Perfect! I've held that time for you.",
      reason: "",
      error: "",
    });
    const code = await sendCode(held.holdId);
    expect(code).toMatchObject({ codeSent: true, outcome: { speech: "Code sent to your phone" } });
    const booked = await verify(held.holdId);
    expect(booked.outcome).toMatchObject({ success: true, speech: "Perfect! Your appointment is confirmed." });
    world.booking.proofs.set(booked.appointmentId, provenFor(booked.appointmentId, caller.callerPhone));
    const told = await world.agent.sendConfirmationSms({ caller, appointmentId: booked.appointmentId });
    expect(told).toMatchObject({
      messageSent: true,
      messageId: "SM1234567890abc",
      outcome: { success: true, speech: "Perfect! Check your text for the details." },
    });
  });

  test("whose proof the notifier cannot read yet is told that the text follows, and is no matter for the owner", async () => {
    const { appointmentId } = await book();
    world.notifier.unconfirmedReason = "booking_outcome_unknown";
    const told = await world.agent.sendConfirmationSms({ caller, appointmentId }).finally(() => {
      world.notifier.unconfirmedReason = "";
    });
    expect(told.outcome).toMatchObject({ success: false, reason: "unavailable" });
    const asked = () => world.notifier.confirmations.filter((request) => request.appointmentId === appointmentId);
    await eventually("the text asked for again", () => asked().length === 2);
    expect(alertsOf()).toEqual([]);
  });

  test("shares the journey of the caller's texts: one cid, traced tool by tool", async () => {
    await world.agent.receiveSms({
      tenantId: SMILE,
      messageSid: `SM${randomUUID()}`,
      from: caller.callerPhone,
      to: caller.calledPhone,
      body: "STOP",
    });
    await check("");
    await reserve();
    const { rows } = await world.query(
      `SELECT c.correlation_id AS cid, c.last_tool, c.last_tool_ok FROM agent.conversations c
       JOIN agent.calls USING (tenant_id, correlation_id) WHERE c.customer_phone = $1`,
      [caller.callerPhone],
    );
    expect(rows).toEqual([{ cid: expect.any(String), last_tool: "reserve_atomic", last_tool_ok: true }]);
    expect(world.booking.cids.at(-1)).toBe(rows[0].cid);
    const { traces } = await world.agent.getSmsFlow({ tenantId: SMILE, subject: { $case: "cid", value: rows[0].cid } });
    expect(traces.filter(({ stage }) => stage === "TOOL").map(({ stageReason }) => stageReason)).toEqual([
      "check_availability: called",
      "check_availability: answered",
      "reserve_atomic: called",
      "reserve_atomic: answered",
    ]);
    expect(JSON.stringify(traces.map(({ payloadJson }) => payloadJson))).not.toContain("John");
  });
});

describe("the order of tools", () => {
  test("a slot offered by two providers is held with the one that is named", async () => {
    const [first] = world.booking.openings.slice(1);
    if (!first) throw new Error("no opening to share");
    world.booking.openings = [first, { ...first, calendarId: "cal-jones", calendarName: "Dr. Jones" }];
    await check("2027-01-15");
    const asked = { caller, slotId: slot, calendarId: "dr. jones", patientName: "John Smith" };
    expect((await world.agent.reserveAtomic(asked)).outcome?.success).toBe(true);
    expect(world.booking.reserved.at(-1)?.calendarId).toBe("cal-jones");
  });

  test("a slot that somebody else has is said to be taken", async () => {
    await reserve({}, { ...caller, callId: "another", callerPhone: "+15557654321" });
    expect((await reserve()).outcome).toMatchObject({
      success: false,
      reason: "slot_already_held",
      error: "Slot already held",
      speech: "That slot was just taken. Let me find another option...",
    });
  });

  test("no reserve in the past, at a time that is none, or that is not open", async () => {
    const reasons = [];
    for (const slotId of ["2020-01-15T10:00:00Z", "Friday", "2027-01-16T10:00:00Z"]) {
      reasons.push((await reserve({ slotId })).outcome?.reason);
    }
    expect(reasons).toEqual(["too_late", "invalid_argument", "slot_not_open"]);
    expect(alertsOf()).toEqual([]);
  });

  test("no code without a hold of this call, no verification without a code, no confirmation without proof", async () => {
    const strangers = await reserve({}, { ...caller, callId: "stranger", callerPhone: "+15557654322" });
    expect((await sendCode(strangers.holdId)).outcome?.reason).toBe("hold_not_found");
    const { holdId } = await reserve({ slotId: later });
    expect((await verify(holdId)).outcome?.reason).toBe("code_not_sent");
    const unproven = await world.agent.sendConfirmationSms({ caller, appointmentId: randomUUID() });
    expect(unproven).toMatchObject({
      messageSent: false,
      outcome: { success: false, reason: "appointment_not_found" },
    });
    expect(world.booking.verified.some((request) => request.holdId === holdId)).toBe(false);
  });

  test("another caller's appointment is not found", async () => {
    const { appointmentId } = await book();
    const stranger = { ...caller, callId: "nosy", callerPhone: "+15550007777" };
    const answer = await world.agent.sendConfirmationSms({ caller: stranger, appointmentId });
    expect(answer.outcome?.reason).toBe("appointment_not_found");
  });
});

describe("who calls", () => {
  test("the call's number wins over the model's, and that is traced", async () => {
    await reserve({ patientPhone: "+15559999999" });
    expect(world.booking.reserved.at(-1)?.customer?.phone).toBe(caller.callerPhone);
    const { traces } = await world.agent.getSmsFlow({
      tenantId: SMILE,
      subject: { $case: "phone", value: caller.callerPhone },
    });
    expect(traces.map(({ stage, stageReason }) => [stage, stageReason])).toContainEqual([
      "SKIP",
      "patient_phone_ignored",
    ]);
  });

  test("a call that hides its number may correct the one it named", async () => {
    caller.callerPhone = "";
    await reserve({ patientPhone: "+15551110001" });
    const { holdId } = await reserve({ patientPhone: "+15551110002" });
    expect(world.booking.reserved.at(-1)?.customer?.phone).toBe("+15551110002");
    await sendCode(holdId);
    expect(world.booking.codesSent.at(-1)?.phone).toBe("+15551110002");
  });

  test("without a call the number named counts, its punctuation gone, to the very end", async () => {
    caller = { tenantId: SMILE, callId: "", callerPhone: "", calledPhone: "" };
    const patientPhone = "+1-555-1234";
    const { holdId, outcome } = await reserve({ patientPhone });
    expect(outcome?.success).toBe(true);
    expect((await reserve({ patientPhone })).holdId).toBe(holdId);
    expect((await world.agent.sendOtpCode({ caller, holdId, patientPhone })).codeSent).toBe(true);
    expect(world.booking.codesSent.at(-1)?.phone).toBe("+15551234");
    const { appointmentId } = await verify(holdId);
    world.booking.proofs.set(appointmentId, provenFor(appointmentId, "+15551234"));
    const confirm = (phone: string) => world.agent.sendConfirmationSms({ caller, appointmentId, patientPhone: phone });
    expect((await confirm(patientPhone)).messageSent).toBe(true);
    expect((await confirm("+15550001111")).messageSent).toBe(false);
  });

  test("without phone and e-mail nothing is asked of booking", async () => {
    caller = { tenantId: SMILE, callId: "", callerPhone: "", calledPhone: "" };
    const asked = world.booking.reserved.length;
    expect((await reserve()).outcome).toMatchObject({ success: false, error: "I need your email or phone" });
    expect(world.booking.reserved).toHaveLength(asked);
  });
});

describe("the same call repeated", () => {
  test("holds once and texts one code", async () => {
    const first = await reserve();
    expect(await reserve()).toMatchObject({ holdId: first.holdId, outcome: first.outcome });
    const codes = world.booking.codesSent.length;
    const [one, two] = await Promise.all([sendCode(first.holdId), sendCode(first.holdId)]);
    expect(two).toEqual(one);
    expect(await sendCode(first.holdId)).toEqual(one);
    expect(world.booking.codesSent).toHaveLength(codes + 1);
  });

  test("uses up one try when the model asks twice at once, and answers a booked code as before", async () => {
    const { holdId } = await reserve();
    await sendCode(holdId);
    const [one, two] = await Promise.all([verify(holdId, "0000"), verify(holdId, "0000")]);
    expect([one.retriesLeft, two.retriesLeft]).toEqual([2, 2]);
    const booked = await verify(holdId);
    expect(await verify(holdId)).toEqual(booked);
  });

  test("a misheard repeat of a code that booked is not told that nothing is booked", async () => {
    const { holdId, appointmentId } = await book();
    world.booking.proofs.set(deterministicUuid("attempt", SMILE, holdId), provenFor(appointmentId, caller.callerPhone));
    expect(await verify(holdId, "0000")).toMatchObject({
      appointmentId,
      outcome: { success: true, speech: "Perfect! Your appointment is confirmed." },
    });
  });

  test("a misheard repeat while the CONFIRM runs claims neither way, and its watch stays", async () => {
    const { holdId } = await reserve();
    await sendCode(holdId);
    world.booking.proofs.set(deterministicUuid("attempt", SMILE, holdId), {
      status: ProofStatus.PROOF_STATUS_RUNNING,
      appointment: undefined,
    });
    const { outcome } = await verify(holdId, "0000");
    expect(outcome).toMatchObject({ success: false, reason: "booking_outcome_unknown" });
    expect(outcome?.speech).not.toContain("nothing is booked");
    const { rows } = await world.query("SELECT confirming_hold_id AS id FROM agent.calls WHERE call_id = $1", [
      caller.callId,
    ]);
    expect(rows).toEqual([{ id: holdId }]);
  });
});

describe("what fails goes to a human", () => {
  test("a tenant with nothing to book by phone: the human who is promised hears of it", async () => {
    const [tenant] = world.booking.tenants;
    if (!tenant) throw new Error("no tenant");
    const empty = { ...tenant, id: randomUUID(), offerings: [] };
    world.booking.tenants.push(empty);
    caller = { ...caller, tenantId: empty.id };
    expect((await check("2027-01-15")).outcome?.speech).toContain("A human will follow up");
    expect((await reserve()).outcome?.speech).toContain("A human will follow up");
    await eventually("both alerts", () => alertsOf().length === 2);
    expect(alertsOf()).toEqual(["offering_not_found", "offering_not_found"]);
  });

  test("a calendar that cannot be read offers nothing", async () => {
    world.booking.unreadable = true;
    expect(await check("2027-01-15")).toMatchObject({
      slots: [],
      outcome: { success: false, reason: "calendar_unreadable" },
    });
    await alertOf("calendar_unreadable");
  });

  test("the third wrong code: nothing is booked, the owner is told, the conversation waits for a human", async () => {
    const { holdId } = await reserve();
    await sendCode(holdId);
    expect(await verify(holdId, "0001")).toMatchObject({
      retriesLeft: 2,
      outcome: { speech: "That's not quite right. You have 2 more tries." },
    });
    expect((await verify(holdId, "0002")).outcome?.speech).toBe("That's not quite right. You have 1 more try.");
    expect(await verify(holdId, "0003")).toMatchObject({
      retriesLeft: 0,
      outcome: { success: false, reason: "otp_failed", speech: expect.stringContaining("Nothing is booked") },
    });
    await alertOf("otp_failed");
    const { rows } = await world.query("SELECT stage, needs_human FROM agent.conversations WHERE customer_phone = $1", [
      caller.callerPhone,
    ]);
    expect(rows).toEqual([{ stage: "NEEDS_HUMAN", needs_human: true }]);
  });

  test("a booking that does not answer: within 8 seconds not booked, and the owner hears it is unknown", async () => {
    const { holdId } = await reserve();
    await sendCode(holdId);
    world.booking.hangs = true;
    const began = performance.now();
    const pending = verify(holdId);
    // The watch sees it while nobody has answered: an agent that dies here leaves no silence.
    await alertOf("booking_outcome_unknown");
    expect(performance.now() - began).toBeLessThan(7_000);
    const answer = await pending;
    expect(performance.now() - began).toBeLessThan(8_000);
    expect(answer).toMatchObject({
      appointmentId: "",
      outcome: {
        success: false,
        reason: "booking_outcome_unknown",
        speech: "I hit a snag confirming this. A human will text you shortly.",
      },
    });
    await eventually("its own alert", () => alertsOf().length === 2);
    await endCall();
    expect(world.booking.released).not.toContain(holdId);
  }, 20_000);

  test("a failed CONFIRM says so with its reason, and leaves the alert to booking's own event", async () => {
    const { holdId } = await reserve();
    await sendCode(holdId);
    world.booking.confirmAs = AttemptStatus.ATTEMPT_STATUS_FAILED;
    expect((await verify(holdId)).outcome).toMatchObject({
      success: false,
      reason: "calendar_failed_after_confirm",
      speech: "I hit a snag confirming this. A human will text you shortly.",
    });
    expect(alertsOf()).toEqual([]);
  });

  test("a slot lost at the CONFIRM, and nothing booked by the end of the call", async () => {
    const { holdId } = await reserve();
    await sendCode(holdId);
    world.booking.confirmAs = AttemptStatus.ATTEMPT_STATUS_SLOT_TAKEN;
    expect((await verify(holdId)).outcome?.speech).toContain("just taken, so nothing is booked");
    await endCall();
    await alertOf("slot_lost_after_confirm");
  });
});

describe("the end of a call", () => {
  test("reported twice it is stored, scored and told to the owner once", async () => {
    const { appointmentId } = await book();
    const ends = [await endCall({ minutes: 8 }), await endCall({ minutes: 9 })];
    expect(ends).toEqual([
      { recorded: true, leadScore: 85 },
      { recorded: false, leadScore: 85 },
    ]);
    const mine = () => world.notifier.hotLeads.filter(({ callId }) => callId === caller.callId);
    await eventually("hot lead", () => mine().length > 0);
    await eventually("confirmation", () =>
      world.notifier.confirmations.some((sent) => sent.appointmentId === appointmentId),
    );
    expect(mine()).toHaveLength(1);
    expect(mine()[0]).toMatchObject({ score: 85, customerName: "John Smith", offeringName: "Teeth Whitening" });
    expect(mine()[0]?.bookedStart?.toISOString()).toBe(slot);
    const { rows } = await world.query(
      "SELECT duration_seconds, (SELECT count(*)::int FROM agent.hot_lead_alerts a WHERE a.call_id = c.call_id) AS alerts FROM agent.calls c WHERE call_id = $1",
      [caller.callId],
    );
    expect(rows).toEqual([{ duration_seconds: 480, alerts: 1 }]);
  });

  test("a call that drops gives its hold back, a booked one does not", async () => {
    const { holdId } = await reserve();
    await endCall();
    await eventually("released", () => world.booking.released.includes(holdId));
    nextCall();
    const booked = await book();
    await endCall();
    await eventually("confirmation", () =>
      world.notifier.confirmations.some(({ appointmentId }) => appointmentId === booked.appointmentId),
    );
    expect(world.booking.released).not.toContain(booked.holdId);
  });

  test("words of a booking without proof escalate; the caller's words and proven ones do not", async () => {
    await reserve();
    await endCall({ transcript: "User: So I'm booked? You're booked!\nAI: You're all set for Friday at 2." });
    await alertOf("claim_blocked");

    nextCall();
    await book();
    await endCall({ transcript: "AI: Perfect! Your appointment is confirmed.\nUser: Thanks" });
    await eventually("settled", () =>
      world.notifier.confirmations.some(({ cid }) => cid === world.booking.cids.at(-1)),
    );
    expect(alertsOf()).toEqual([]);
  });
});

test("tenants are apart: another one's call, hold and appointment are not found", async () => {
  const { holdId, appointmentId } = await book();
  const elsewhere = { ...caller, tenantId: SPARKS, calledPhone: "+15550200001" };
  const code = await world.agent.sendOtpCode({ caller: elsewhere, holdId });
  expect(code.outcome?.reason).toBe("hold_not_found");
  world.booking.proofs.delete(appointmentId);
  const text = await world.agent.sendConfirmationSms({ caller: elsewhere, appointmentId });
  expect(text.outcome?.reason).toBe("appointment_not_found");
  const { rows } = await world.query(
    "SELECT count(DISTINCT correlation_id)::int AS cids FROM agent.calls WHERE call_id = $1",
    [caller.callId],
  );
  expect(rows).toEqual([{ cids: 2 }]);
});

test("a refusal is traced on the call's journey", async () => {
  caller = { ...caller, callerPhone: "" };
  await world.agent.traceRefusal({ caller, reason: "permission_denied", tool: "reserve_atomic" });
  const cid = deterministicUuid("call", SMILE, caller.callId);
  const { traces } = await world.agent.getSmsFlow({ tenantId: SMILE, subject: { $case: "cid", value: cid } });
  expect(traces.map(({ stage, stageReason, payloadJson }) => [stage, stageReason, JSON.parse(payloadJson)])).toEqual([
    ["SKIP", "permission_denied", { tool: "reserve_atomic" }],
  ]);
});

test("the assistant is described with the tenant's own words after our rules", async () => {
  world.booking.promptExtensions.set(SPARKS, "Mention the spring sale.");
  const describeFor = async (tenantId: string) => {
    const { assistantJson } = await world.agent.describeAssistant({
      caller: { ...caller, tenantId },
      baseUrl: "https://book.example",
    });
    return JSON.parse(assistantJson);
  };
  const [smile, sparks] = [await describeFor(SMILE), await describeFor(SPARKS)];
  expect(sparks.model.messages[0].content).toContain("Mention the spring sale.");
  expect(smile.model.messages[0].content).not.toContain("spring sale");
  expect(sparks.model.tools).toHaveLength(5);
  expect(sparks.firstMessage).toBe("Hi! I'm Voxanne with Sparks Electric. How can I help?");
});
