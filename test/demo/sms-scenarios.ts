import assert from "node:assert/strict";
import { eventually } from "@bookproof/testing";
import type { Say, Scenario } from "./scenario.ts";
import { clinic, plumber, type Stage } from "./stage.ts";

interface Conversation {
  correlation_id: string;
  stage: string;
  stage_reason: string | null;
  needs_human: boolean;
}

const conversationOf = async (stage: Stage, customer: string): Promise<Conversation> => {
  const { rows } = await stage.database.query<Conversation>(
    "SELECT correlation_id, stage, stage_reason, needs_human FROM agent.conversations WHERE customer_phone = $1",
    [customer],
  );
  assert(rows[0], "the customer has no conversation");
  return rows[0];
};

/** Texts and hears the answer, both in the transcript. */
const dialogue = (stage: Stage, say: Say, from: string, to: string) => async (body: string) => {
  say.text(from, to, body);
  const answer = await stage.ask(from, to, body);
  say.text(to, from, answer);
  return answer;
};

/** Leads a plumber's customer up to the summary. */
async function reachSummary(stage: Stage, say: Say, customer: string, day: string) {
  const ask = dialogue(stage, say, customer, plumber.phone);
  await ask(`I have a leak, can you come ${day} morning?`);
  await ask("1");
  await ask("Bob Stone");
  assert.match(await ask("12 Main St"), /Reply CONFIRM/);
  return ask;
}

const flagged = (stage: Stage, customer: string) =>
  eventually("needs_human on the conversation", async () => {
    const conversation = await conversationOf(stage, customer);
    return conversation.needs_human && conversation;
  });

const alertTo = (stage: Stage, phone: string, about: string) =>
  eventually(`an alert to ${phone}`, () => stage.received(phone).find((body) => body.includes(about)));

export const smsScenarios: Scenario[] = [
  {
    letter: "a",
    title: "CONFIRM is booked: confirmed row, stored event id, then the confirmation",
    async play(stage, say) {
      const jane = "+15551230001";
      const ask = dialogue(stage, say, jane, clinic.phone);
      await ask("book me tomorrow morning");
      await ask("2");
      assert.match(await ask("Jane Roe"), /Reply CONFIRM/);
      assert.match(await ask("CONFIRM"), /^Your appointment is all set/);
      const { rows } = await stage.database.query(
        "SELECT status, calendar_event_id FROM booking.appointments WHERE tenant_id = $1",
        [clinic.tenantId],
      );
      assert.equal(rows.length, 1);
      assert.equal(rows[0].status, "confirmed");
      const event = await stage.database.query("SELECT live FROM calendar.events WHERE id = $1", [
        rows[0].calendar_event_id,
      ]);
      assert.equal(event.rows[0]?.live, true);
      say.fact(`appointment ${rows[0].status}, calendar event ${rows[0].calendar_event_id} live`);
      say.cid((await conversationOf(stage, jane)).correlation_id);
    },
  },
  {
    letter: "b",
    title: "The calendar refuses: neutral text, the owner's phone, needs_human",
    async play(stage, say) {
      const bob = "+15551230002";
      const ask = await reachSummary(stage, say, bob, "tomorrow");
      stage.google.faults.add({
        kind: "fail-before",
        match: { method: "POST", path: "/events" },
        status: 403,
        code: "forbidden",
      });
      const asked = performance.now();
      assert.equal(await ask("CONFIRM"), "I hit a snag confirming this. A human will text you shortly.");
      const alert = await alertTo(stage, plumber.owner, bob);
      say.text(plumber.phone, plumber.owner, alert);
      say.fact(`the owner's alert was accepted ${Math.round(performance.now() - asked)} ms after CONFIRM was sent`);
      const conversation = await flagged(stage, bob);
      say.fact(
        `conversation: stage ${conversation.stage}, reason ${conversation.stage_reason}, needs_human ${conversation.needs_human}`,
      );
      assert.equal(stage.google.ledger.events().filter((event) => event.status !== "cancelled").length, 0);
      say.fact("Google's own ledger holds no event");
      say.cid(conversation.correlation_id);
    },
  },
  {
    letter: "c",
    title: "A booking row without a calendar event: “all set” cannot be sent",
    async play(stage, say) {
      const carol = "+15551230003";
      const cid = crypto.randomUUID();
      const appointmentId = crypto.randomUUID();
      await insertRowWithoutEvent(stage, carol, appointmentId);
      say.fact("booking row inserted by hand: status pending, no calendar event, no attempt running");
      const refused = await stage.database
        .query("UPDATE booking.appointments SET status = 'confirmed' WHERE id = $1", [appointmentId])
        .then(
          () => "accepted",
          (error: Error) => error.message,
        );
      assert.match(refused, /confirmed_has_calendar_event/);
      say.fact(`the database refuses to call it confirmed: ${refused}`);
      await stage.notifier.sendToCustomer({
        tenantId: clinic.tenantId,
        cid,
        conversationId: "",
        to: carol,
        from: clinic.phone,
        key: `booked:${appointmentId}`,
        content: { $case: "booked", value: { appointmentId } },
      });
      const said = await eventually("a text to the customer", () => stage.received(carol)[0]);
      say.text(clinic.phone, carol, said);
      assert.equal(said, "I hit a snag confirming this. A human will text you shortly.");
      say.text(clinic.phone, clinic.owner, await alertTo(stage, clinic.owner, carol));
      assert(!stage.received(carol).some((body) => /all set/i.test(body)));
      say.cid(cid);
    },
  },
  {
    letter: "d",
    title: "A reaction is ignored: 204, no turn, no reply",
    async play(stage, say) {
      const dora = "+15551230004";
      const body = "Loved “Your appointment is all set”";
      say.text(dora, clinic.phone, body);
      const { status } = await stage.twilio.sendInbound({ from: dora, to: clinic.phone, body });
      assert.equal(status, 204);
      await eventually("the log line", () => stage.log.some((line) => line.text.includes("SMS_REACTION_IGNORED")));
      const { rows } = await stage.database.query(
        "SELECT disposition, correlation_id FROM agent.inbound_messages WHERE from_e164 = $1",
        [dora],
      );
      assert.equal(rows[0]?.disposition, "reaction_ignored");
      assert.deepEqual(stage.received(dora), []);
      say.fact(`HTTP ${status}; stored as ${rows[0].disposition}; nothing sent`);
      say.cid(rows[0].correlation_id);
    },
  },
  {
    letter: "e",
    title: "The owner's SMS itself fails: the next channel, a loud log, the flags in the database",
    async play(stage, say) {
      const erin = "+15551230005";
      const ask = await reachSummary(stage, say, erin, "tomorrow");
      stage.google.faults.add({
        kind: "fail-before",
        match: { method: "POST", path: "/events" },
        status: 403,
        code: "forbidden",
      });
      stage.twilio.faults.add({
        kind: "fail-before",
        match: { to: plumber.owner, path: "Messages" },
        status: 400,
        code: 30003,
      });
      await ask("CONFIRM");
      const alert = await alertTo(stage, plumber.vip, erin);
      say.text(plumber.phone, plumber.vip, alert);
      const conversation = await flagged(stage, erin);
      const escalation = await eventually("the escalation is alerted", async () => {
        const { rows } = await stage.database.query(
          "SELECT status, reason FROM notifier.escalations WHERE correlation_id = $1 AND status = 'alerted'",
          [conversation.correlation_id],
        );
        return rows[0];
      });
      say.fact(`escalation ${escalation.status}, reason ${escalation.reason}; needs_human ${conversation.needs_human}`);
      await eventually("the loud log line", () =>
        stage.log.some((line) => line.level === "error" && line.text.includes("ESCALATION_FAILED")),
      );
      say.cid(conversation.correlation_id);
    },
  },
  {
    letter: "f",
    title: "The same webhook five times at once: one turn, one reply",
    async play(stage, say) {
      const fred = "+15551230006";
      const messageSid = `SM${"f".repeat(32)}`;
      const text = { from: fred, to: clinic.phone, body: "hi", messageSid };
      const answers = await Promise.all([1, 2, 3, 4, 5].map(() => stage.twilio.sendInbound(text)));
      say.text(fred, clinic.phone, "hi  (five times, the same MessageSid)");
      assert.deepEqual(
        answers.map((answer) => answer.status),
        [204, 204, 204, 204, 204],
      );
      say.text(clinic.phone, fred, await eventually("the reply", () => stage.received(fred)[0]));
      const { rows } = await stage.database.query(
        "SELECT count(*) FILTER (WHERE stage_reason = 'turn started')::int AS turns, min(correlation_id) AS cid FROM trace.sms_flow_traces WHERE from_e164 = $1",
        [fred],
      );
      assert.equal(rows[0].turns, 1);
      assert.equal(stage.received(fred).length, 1);
      say.fact(`five times HTTP 204, ${rows[0].turns} turn, ${stage.received(fred).length} reply`);
      say.cid(rows[0].cid);
    },
  },
];

async function insertRowWithoutEvent(stage: Stage, customer: string, appointmentId: string) {
  const { tenantId } = clinic;
  const holdId = crypto.randomUUID();
  const contact = await stage.database.query(
    "INSERT INTO booking.contacts (tenant_id, phone, name) VALUES ($1, $2, 'Carol Reed') RETURNING id",
    [tenantId, customer],
  );
  await stage.database.query(
    `INSERT INTO booking.appointment_holds (id, tenant_id, calendar_id, slot_time, duration_minutes, busy_range, offering_id, patient_phone, status, expires_at)
     VALUES ($1, $2, 'cal-smith', now() + interval '30 days', 30, tstzrange(now() + interval '30 days', now() + interval '30 days 30 minutes'), 'consultation', $3, 'held', now() + interval '10 minutes')`,
    [holdId, tenantId, customer],
  );
  await stage.database.query(
    `INSERT INTO booking.appointments (id, tenant_id, contact_id, service_type, calendar_id, scheduled_at, duration_minutes, status, hold_id)
     VALUES ($1, $2, $3, 'consultation', 'cal-smith', now() + interval '30 days', 30, 'pending', $4)`,
    [appointmentId, tenantId, contact.rows[0].id, holdId],
  );
}
