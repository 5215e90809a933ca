import { randomInt, randomUUID } from "node:crypto";
import { enqueue, withTenant } from "@bookproof/postgres";
import { type GetBookingProofResponse, ProofStatus } from "@bookproof/proto/booking";
import { eventually } from "@bookproof/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { SNAG_TEXT } from "./domain/customer-texts.ts";
import { describeSlot } from "./domain/describe-slot.ts";
import { checkDelivery } from "./jobs/definitions.ts";
import { sendOneTimeCode } from "./rpc/send-one-time-code.ts";
import { startMailbox } from "./test/mailbox.ts";
import { NOON, SMILE, SPARKS, startWorld, type World } from "./test/start-world.ts";

const OWNER = "+15550100900";
const BLOCKED = "+15550100666";
const CODE_TEXT = "Your Smile Dental code is 1234. It expires in 10 minutes.";
const nextMonth = new Date(Date.now() + 30 * 24 * 60 * 60 * 1_000);
const WHEN = describeSlot(nextMonth, "America/New_York", new Date());
const CONFIRMATION = `Your appointment confirmed!\n\n📅 ${WHEN} with Dr. Smith\n💼 Smile Dental\n📞 (555) 010-0001\n\nCall to reschedule. Reply STOP to unsubscribe.`;
const PLAIN_CONFIRMATION = `Your appointment confirmed!\n\n${WHEN} with Dr. Smith\nSparks Electric\n(555) 020-0001\n\nCall to reschedule. Reply STOP to unsubscribe.`;

let world: World;
let mailbox: Awaited<ReturnType<typeof startMailbox>>;
let cid: string;
let customer: string;
let appointmentId: string;
beforeAll(async () => {
  mailbox = await startMailbox();
  world = await startWorld({ blocklist: [BLOCKED], smtpUrl: mailbox.url });
});
afterAll(async () => {
  await world.stop();
  mailbox.close();
});
beforeEach(() => {
  world.twilio.faults.clear();
  cid = randomUUID();
  customer = `+1555${randomInt(1_000_000, 9_999_999)}`;
  appointmentId = randomUUID();
});

function book(wish: { status?: ProofStatus; start?: Date; customerPhone?: string; customerEmail?: string } = {}) {
  const { status = ProofStatus.PROOF_STATUS_PROVEN, start = nextMonth } = wish;
  const proof: GetBookingProofResponse = {
    status,
    appointment: {
      appointmentId,
      start,
      end: new Date(start.getTime() + 1_800_000),
      offeringName: "Consultation",
      calendarId: "cal-smith",
      calendarName: "Dr. Smith",
      calendarEventId: status === ProofStatus.PROOF_STATUS_PROVEN ? "evt1" : "",
      address: "",
      customerName: "Jane Roe",
      customerPhone: wish.customerPhone ?? customer,
      customerEmail: wish.customerEmail ?? "",
      highValue: false,
      bookingSource: "phone_ai",
    },
  };
  world.booking.proofs.set(appointmentId, proof);
}
const confirmed = (
  more: { tenantId?: string; occurredAt?: Date; customerPhone?: string; customerEmail?: string } = {},
) => {
  const { tenantId = SMILE, occurredAt, ...contact } = more;
  const value = {
    attemptId: randomUUID(),
    appointmentId,
    bookingSource: "phone_ai",
    customerPhone: customer,
    ...contact,
  };
  const kind = { $case: "confirmed" as const, value };
  return world.notifier.handleEvent({ event: { eventId: randomUUID(), tenantId, cid, occurredAt, kind } });
};
const sendConfirmation = (more: { tenantId?: string; phone?: string } = {}) =>
  world.notifier.sendConfirmation({ tenantId: SMILE, cid, appointmentId, phone: customer, ...more });
const sendCode = (more: { tenantId?: string; phone?: string; email?: string; key?: string } = {}) =>
  world.notifier.sendOneTimeCode({
    tenantId: SMILE,
    cid,
    key: `otp:${randomUUID()}:1`,
    phone: customer,
    code: "1234",
    ...more,
  });
const alertsTo = (phone: string) => world.textsTo(phone).filter((text) => text.includes(cid));
const alertTo = (phone: string) => eventually(`an alert to ${phone}`, () => alertsTo(phone)[0]);
const messages = async (): Promise<{ key: string; status: string; body: string; sent_body: string | null }[]> =>
  (
    await world.database.query(
      "SELECT key, status, body, sent_body FROM notifier.messages WHERE correlation_id = $1 AND kind <> 'escalation' ORDER BY created_at",
      [cid],
    )
  ).rows;
const settled = (key: string, status: string) =>
  eventually(`${key} is ${status}`, async () =>
    (await messages()).some((one) => one.key === key && one.status === status),
  );
const report = (messageSid: string, messageStatus: string, errorCode = 0) =>
  world.notifier.recordDelivery({ tenantId: SMILE, messageSid, messageStatus, errorCode });
const sidOf = (nth: number) =>
  eventually(`text ${nth}`, () => world.twilio.ledger.messages({ to: customer, direction: "outbound" })[nth]?.sid);
const callTo = (phone: string) =>
  eventually("a call", () => world.twilio.ledger.calls().find(({ to }) => to === phone)?.twiml ?? undefined);
const logOf = async (sid: string) =>
  (await world.database.query("SELECT * FROM notifier.sms_confirmation_logs WHERE message_id = $1", [sid])).rows[0];
const stop = () => world.notifier.recordOptOut({ tenantId: SMILE, phone: customer, optedOut: true, keyword: "STOP" });

describe("a one-time code", () => {
  test("is sent at once and accepted, and is not kept", async () => {
    expect(await sendCode()).toEqual({ accepted: true });
    expect(world.textsTo(customer)).toEqual([CODE_TEXT]);
    const [kept] = await messages();
    expect(kept).toMatchObject({ body: expect.stringContaining("code is ****."), status: "queued" });
    expect(JSON.stringify(kept)).not.toContain("1234");
    expect(world.lines.filter((line) => line.includes(CODE_TEXT))).toEqual([]);
  });

  test("is one a key", async () => {
    const key = `otp:${randomUUID()}:1`;
    expect(await Promise.all([sendCode({ key }), sendCode({ key })])).toEqual([{ accepted: true }, { accepted: true }]);
    expect(world.textsTo(customer)).toEqual([CODE_TEXT]);
  });

  test("does not wait behind a text that hangs at Twilio", async () => {
    world.twilio.faults.add({ kind: "time-out-before", times: 1, match: { to: customer, bodyContains: "hello" } });
    const content = { $case: "freeText" as const, value: { text: "hello" } };
    await world.notifier.sendToCustomer({ tenantId: SMILE, cid, to: customer, key: `reply:${cid}`, content });
    expect(await sendCode()).toEqual({ accepted: true });
    expect(world.textsTo(customer)).toEqual([CODE_TEXT]);
  });

  test("to a customer who texted STOP, or a blocked number, is not accepted and not kept", async () => {
    await stop();
    expect(await sendCode()).toEqual({ accepted: false });
    expect(await sendCode({ phone: BLOCKED })).toEqual({ accepted: false });
    expect(world.textsTo(customer)).toEqual([]);
    for (const kept of await messages()) expect(JSON.stringify(kept)).not.toContain("1234");
  });

  test("that Twilio refuses is not accepted and not kept", async () => {
    world.twilio.faults.add({ kind: "fail-before", status: 400, code: 21614, match: { to: customer } });
    expect(await sendCode()).toEqual({ accepted: false });
    expect((await messages())[0]).toMatchObject({ status: "failed", sent_body: expect.stringContaining("****") });
  });

  test("that nobody waits for any more is not sent late", async () => {
    world.twilio.faults.add({ kind: "fail-before", status: 429, match: { to: customer } });
    const key = `otp:${randomUUID()}:1`;
    expect(await sendCode({ key })).toEqual({ accepted: false });
    world.twilio.faults.clear();
    await settled(key, "failed");
    expect(world.textsTo(customer)).toEqual([]);
    expect(JSON.stringify(await messages())).not.toContain("1234");
  });

  test("goes by e-mail to a customer without a phone, and not without an SMTP_URL", async () => {
    const email = `${randomUUID()}@example.com`;
    expect(await sendCode({ phone: "", email })).toEqual({ accepted: true });
    expect(mailbox.lines).toContain(`RCPT TO:<${email}>`);
    expect(mailbox.lines).toContain(CODE_TEXT);
    expect(JSON.stringify(await messages())).not.toContain("1234");
    const without = sendOneTimeCode({ ...world.deps, mailer: undefined });
    const asked = { tenantId: SMILE, cid, key: `otp:${randomUUID()}:2`, phone: "", email, code: "1234" };
    expect(await without({ ...asked, businessPhone: "" })).toEqual({ accepted: false });
    expect(await messages()).toHaveLength(1);
  });
});

describe("the confirmation of a booked call", () => {
  test("is sent once, asked for twice and by the job, and its appointment is told", async () => {
    book();
    await confirmed();
    const first = await sendConfirmation();
    expect(first).toEqual({ messageSent: true, messageId: expect.stringMatching(/^SM/), reason: "" });
    expect(await sendConfirmation()).toEqual(first);
    await eventually("the job has run", async () => {
      const { rows } = await world.database.query("SELECT 1 FROM notifier_jobs._private_jobs WHERE key = $1", [
        `ensure:${SMILE}:${appointmentId}`,
      ]);
      return rows.length === 0;
    });
    expect(world.textsTo(customer)).toEqual([CONFIRMATION]);
    const told = await eventually("booking is told", () =>
      world.booking.confirmations.find((one) => one.appointmentId === appointmentId),
    );
    expect(told).toMatchObject({ tenantId: SMILE, messageId: first.messageId, sentAt: expect.any(Date) });
  });

  test("that nobody asks for is sent by the job, and nothing else with it", async () => {
    book();
    await confirmed();
    expect(world.textsTo(customer)).toEqual([]);
    await settled(`confirmation:${appointmentId}`, "queued");
    expect(world.textsTo(customer)).toEqual([CONFIRMATION]);
    expect((await messages()).map(({ key }) => key)).toEqual([`confirmation:${appointmentId}`]);
  });

  test("is written without emoji for a tenant of plain texts", async () => {
    book();
    expect((await sendConfirmation({ tenantId: SPARKS })).messageSent).toBe(true);
    expect(world.textsTo(customer)).toEqual([PLAIN_CONFIRMATION]);
  });

  test("goes by e-mail to a customer without a phone", async () => {
    const customerEmail = `${randomUUID()}@example.com`;
    book({ customerPhone: "", customerEmail });
    const answer = await sendConfirmation({ tenantId: SPARKS, phone: "" });
    expect(answer).toMatchObject({ messageSent: true, messageId: expect.stringContaining("@") });
    expect(mailbox.lines).toContain(`RCPT TO:<${customerEmail}>`);
    for (const line of PLAIN_CONFIRMATION.split("\n")) expect(mailbox.lines).toContain(line);
  });

  test("whose mail is refused makes the owner hear of it", async () => {
    const customerEmail = `nobody-${randomUUID()}@example.com`;
    book({ customerPhone: "", customerEmail });
    expect(await sendConfirmation({ phone: "" })).toMatchObject({ messageSent: false, reason: "customer_unreachable" });
    expect(await alertTo(OWNER)).toContain(`Customer ${customerEmail}.`);
  });

  test("is not sent without a calendar event: neutral text, owner alerted, and the reason is answered", async () => {
    book({ status: ProofStatus.PROOF_STATUS_NO_CALENDAR_EVENT });
    expect(await sendConfirmation()).toEqual({
      messageSent: false,
      messageId: "",
      reason: "calendar_failed_after_confirm",
    });
    expect(world.textsTo(customer)).toEqual([SNAG_TEXT]);
    expect(await alertTo(OWNER)).toContain("(calendar_failed_after_confirm)");
    expect(world.booking.confirmations.filter((one) => one.appointmentId === appointmentId)).toEqual([]);
  });

  test("of a booking that still runs is not said to be sent before it is", async () => {
    book({ status: ProofStatus.PROOF_STATUS_RUNNING });
    expect(await sendConfirmation()).toMatchObject({ messageSent: false, reason: "booking_outcome_unknown" });
    book();
    await settled(`confirmation:${appointmentId}:final`, "queued");
    expect((await sendConfirmation()).messageId).toBe(await sidOf(1));
    expect(world.textsTo(customer)[1]).toBe(CONFIRMATION);
  });

  test("is not sent to somebody else's phone", async () => {
    book();
    expect(await sendConfirmation({ phone: "+15559998877" })).toMatchObject({
      messageSent: false,
      reason: "appointment_not_found",
    });
    expect(world.textsTo("+15559998877")).toEqual([]);
    expect(world.textsTo(customer)).toEqual([]);
  });

  test("cannot reach a customer who texted STOP, and the owner hears so", async () => {
    book();
    await stop();
    expect(await sendConfirmation()).toMatchObject({ messageSent: false, reason: "customer_opted_out" });
    expect(await alertTo(OWNER)).toContain("cannot be texted");
  });
});

describe("the delivery of a confirmation", () => {
  beforeEach(async () => {
    book();
    await sendConfirmation();
  });

  test("is logged and never goes back", async () => {
    const sid = await sidOf(0);
    expect(await logOf(sid)).toMatchObject({
      appointment_id: appointmentId,
      patient_phone: customer,
      status: "queued",
    });
    await report(sid, "sending");
    expect((await logOf(sid)).status).toBe("sending");
    await report(sid, "delivered");
    await report(sid, "sent");
    await report(sid, "failed", 30003);
    expect(await logOf(sid)).toMatchObject({
      status: "delivered",
      delivery_timestamp: expect.any(Date),
      error_code: null,
    });
  });

  test("that fails is tried once more, then by a call, then the owner is told", async () => {
    const first = await sidOf(0);
    await report(first, "undelivered", 30003);
    await settled(`confirmation:${appointmentId}:resend`, "queued");
    const second = await sidOf(1);
    expect(world.textsTo(customer)).toEqual([CONFIRMATION, CONFIRMATION]);
    expect(alertsTo(OWNER)).toEqual([]);
    await report(second, "undelivered", 30003);
    expect(await callTo(customer)).toContain(`is confirmed for ${WHEN} with Dr. Smith`);
    expect(await alertTo(OWNER)).toContain("(customer_unreachable)");
    expect(world.textsTo(customer)).toHaveLength(2);
    expect(await logOf(first)).toMatchObject({ status: "failed", error_code: "30003", error_message: "undelivered" });
  });

  test("to a landline is a call at once", async () => {
    await report(await sidOf(0), "undelivered", 30006);
    expect(await callTo(customer)).toContain("This is Smile Dental.");
    expect(await alertTo(OWNER)).toContain("(customer_unreachable)");
    expect(world.textsTo(customer)).toEqual([CONFIRMATION]);
  });

  test("that failed is not tried again for an appointment that is no longer booked", async () => {
    book({ status: ProofStatus.PROOF_STATUS_NOT_BOOKED });
    await report(await sidOf(0), "undelivered", 30003);
    await settled(`confirmation:${appointmentId}:resend`, "blocked");
    expect(world.textsTo(customer)).toEqual([CONFIRMATION]);
  });

  test("that Twilio never reported is asked for, and listed as unknown where nobody knows", async () => {
    const [sid, key] = [await sidOf(0), `confirmation:${appointmentId}`];
    const { rows } = await world.database.query("SELECT id FROM notifier.messages WHERE key = $1", [key]);
    const check = () =>
      withTenant(world.deps.pool, SMILE, (client) =>
        enqueue(client, checkDelivery, { tenantId: SMILE, messageId: rows[0].id }),
      );
    await check();
    await settled(key, "unknown");
    expect(await logOf(sid)).toMatchObject({ error_message: "no delivery report" });
    await report(sid, "delivered");
    await settled(key, "delivered");
  });

  test("that no callback told is learnt from Twilio", async () => {
    const [sid, key] = [await sidOf(0), `confirmation:${appointmentId}`];
    world.twilio.setDelivery({ automatic: false, callbacks: false });
    await world.twilio.reportStatus({ sid, status: "delivered" });
    const { rows } = await world.database.query("SELECT id FROM notifier.messages WHERE key = $1", [key]);
    await withTenant(world.deps.pool, SMILE, (client) =>
      enqueue(client, checkDelivery, { tenantId: SMILE, messageId: rows[0].id }),
    );
    await settled(key, "delivered");
    expect((await logOf(sid)).status).toBe("delivered");
  });
});

test("a confirmation that Twilio refuses for a landline is a call at once", async () => {
  book();
  world.twilio.faults.add({
    kind: "fail-before",
    status: 400,
    code: 21635,
    match: { path: "/Messages.json", to: customer },
  });
  expect(await sendConfirmation()).toMatchObject({ messageSent: false, reason: "customer_unreachable" });
  expect(await callTo(customer)).toContain("Consultation");
  expect(await alertTo(OWNER)).toContain("(customer_unreachable)");
});

describe("a hot lead", () => {
  const lead = {
    customerName: "Jane Smith",
    customerPhone: "+15555556666",
    offeringName: "Teeth Whitening",
    score: 85,
    bookedStart: new Date("2027-01-26T19:00:00Z"),
  };

  test("is alerted once a call, without emoji for a tenant of plain texts, each tenant to its own owner", async () => {
    const callId = randomUUID();
    const alert = (tenantId: string) => world.notifier.sendHotLeadAlert({ tenantId, cid, callId, ...lead });
    expect([await alert(SMILE), await alert(SMILE), await alert(SPARKS)]).toEqual([
      { created: true },
      { created: false },
      { created: true },
    ]);
    const leads = (phone: string) => world.textsTo(phone).filter((text) => text.includes("HOT LEAD"));
    await eventually("both alerts", () => leads("+15550100902").length === 1 && leads("+15550200900").length === 1);
    expect(leads("+15550100902")).toEqual([
      "🔥 HOT LEAD! Jane Smith +15555556666 \n💄 Service: Teeth Whitening (Booked appointment Jan 26)",
    ]);
    expect(leads("+15550200900")).toEqual([
      "HOT LEAD! Jane Smith +15555556666 \nService: Teeth Whitening (Booked appointment Jan 26)",
    ]);
    expect(leads(OWNER)).toEqual([]);
  });
});

describe("a reminder", () => {
  const aDay = 24 * 60 * 60 * 1_000;
  const twoDaysAgo = () => new Date(Date.now() - 2 * aDay);
  const soonDue = () => new Date(Date.now() + aDay + 1_500);
  const reminders = () => world.textsTo(customer).filter((text) => text.startsWith("Reminder: "));

  test("is sent a day before, from the proof, once", async () => {
    const start = soonDue();
    book({ start });
    await confirmed({ tenantId: NOON, occurredAt: twoDaysAgo() });
    await confirmed({ tenantId: NOON, occurredAt: twoDaysAgo() });
    await settled(`reminder:${appointmentId}:${start.toISOString()}`, "queued");
    expect(reminders()).toEqual([
      expect.stringMatching(
        /^Reminder: Consultation on .+ with Dr\. Smith at Smile Dental\. To change it, reply MOVE or call \(555\) 030-0001\. Reply STOP to unsubscribe\.$/,
      ),
    ]);
  });

  test.each([
    ["cancelled", () => book({ status: ProofStatus.PROOF_STATUS_NOT_BOOKED })],
    ["moved", () => book({ start: new Date(Date.now() + aDay + 60_000) })],
  ])("is not sent for an appointment that was %s", async (_what, change) => {
    book({ start: soonDue() });
    await confirmed({ tenantId: NOON, occurredAt: twoDaysAgo() });
    const key = `remind:${NOON}:${appointmentId}:`;
    const waiting = async () =>
      (
        await world.database.query(
          'SELECT payload::text LIKE \'%"start":"2%\' AS read FROM notifier_jobs._private_jobs WHERE starts_with(key, $1)',
          [key],
        )
      ).rows[0];
    await eventually("planned", async () => (await waiting())?.read);
    change();
    await eventually("the job is over", async () => (await waiting()) === undefined);
    expect(reminders()).toEqual([]);
    expect((await messages()).filter((one) => one.key.startsWith("reminder:"))).toEqual([]);
  });

  test("is not sent for what was booked at short notice", async () => {
    book({ start: new Date(Date.now() + aDay + 30_000) });
    await confirmed({ tenantId: NOON });
    await eventually("no job left", async () => {
      const { rows } = await world.database.query(
        "SELECT 1 FROM notifier_jobs._private_jobs WHERE starts_with(key, $1)",
        [`remind:${NOON}:${appointmentId}:`],
      );
      return rows.length === 0;
    });
    expect(reminders()).toEqual([]);
  });
});

test("two tenants share nothing: a confirmation, a code's key, a delivery, a log", async () => {
  book();
  const key = `otp:${randomUUID()}:1`;
  await stop();
  expect(await sendCode({ key })).toEqual({ accepted: false });
  expect(await sendCode({ key, tenantId: SPARKS })).toEqual({ accepted: true });
  expect((await sendConfirmation()).messageSent).toBe(false);
  const { messageId, messageSent } = await sendConfirmation({ tenantId: SPARKS });
  expect(messageSent).toBe(true);
  expect((await report(messageId, "delivered")).applied).toBe(false);
  expect(await logOf(messageId)).toMatchObject({ tenant_id: SPARKS, status: "queued" });
  const visible = await withTenant(world.deps.pool, SMILE, (client) =>
    client.query("SELECT 1 FROM notifier.sms_confirmation_logs WHERE message_id = $1", [messageId]),
  );
  expect(visible.rows).toEqual([]);
});
