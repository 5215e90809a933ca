import assert from "node:assert/strict";
import { createVapiCaller, type VapiToolName } from "@bookproof/simulators";
import { eventually } from "@bookproof/testing";
import { DateTime } from "luxon";
import type { Say, Scenario } from "./scenario.ts";
import { clinic, plumber, type Stage, vapiSecret } from "./stage.ts";

type Business = typeof clinic;

/** One call: what the assistant asks for and what it may say is in the transcript. */
function callTo(stage: Stage, say: Say, business: Business, customer: string) {
  const caller = createVapiCaller({
    baseUrl: stage.gatewayUrl,
    credential: { bearer: vapiSecret(business) },
    dialect: "vapi",
    callerNumber: customer,
    calledNumber: business.phone,
  });
  return {
    hangUp: caller.hangUp,
    async tool(name: VapiToolName, args: Record<string, unknown>) {
      say.text("assistant", name, Object.values(args).join(", "));
      const answer = await caller.tool(name, args);
      say.text(name, "assistant", answer.speech || answer.error);
      return answer;
    },
  };
}

const dayFromNow = (days: number) => DateTime.now().setZone("America/New_York").plus({ days }).toISODate() ?? "";

const firstSlot = (answer: { content: Record<string, unknown> }) => {
  const slots = answer.content.slots as { time: string }[];
  assert(slots[0], "no slot was offered");
  return slots[0].time;
};

/** The code as the caller reads it from their phone. */
async function readCode(stage: Stage, say: Say, business: Business, customer: string): Promise<string> {
  const text = await eventually("the code's text", () =>
    stage.received(customer).findLast((body) => /\b\d{4}\b/.test(body)),
  );
  say.text(business.phone, customer, text);
  return /\b\d{4}\b/.exec(text)?.[0] ?? "";
}

async function untilCode(stage: Stage, say: Say, business: Business, customer: string, days: number) {
  const call = callTo(stage, say, business, customer);
  const slotId = firstSlot(await call.tool("check_availability", { date: dayFromNow(days) }));
  const reserved = await call.tool("reserve_atomic", { slotId, patientName: "John Smith" });
  assert(reserved.success);
  const holdId = String(reserved.content.holdId);
  assert((await call.tool("send_otp_code", { holdId })).success);
  return { call, holdId, code: await readCode(stage, say, business, customer) };
}

const tellCid = async (stage: Stage, say: Say, customer: string) => {
  const { rows } = await stage.database.query(
    "SELECT correlation_id FROM agent.conversations WHERE customer_phone = $1",
    [customer],
  );
  if (rows[0]) say.cid(rows[0].correlation_id);
};

export const voiceScenarios: Scenario[] = [
  {
    letter: "g",
    title: "A call is booked: slot, code, proof, confirmation by SMS",
    async play(stage, say) {
      const customer = "+15557770001";
      const { call, holdId, code } = await untilCode(stage, say, clinic, customer, 3);
      const verified = await call.tool("verify_otp", { holdId, providedOTP: code });
      assert(verified.success);
      const appointmentId = String(verified.content.appointmentId);
      assert((await call.tool("send_confirmation_sms", { appointmentId })).success);
      const text = await eventually("the confirmation", () =>
        stage.received(customer).find((body) => body.startsWith("Your appointment confirmed!")),
      );
      say.text(clinic.phone, customer, text);
      const { rows } = await stage.database.query(
        "SELECT status, calendar_event_id FROM booking.appointments WHERE id = $1",
        [appointmentId],
      );
      assert.equal(rows[0]?.status, "confirmed");
      say.fact(`appointment ${rows[0].status}, calendar event ${rows[0].calendar_event_id}`);
      await tellCid(stage, say, customer);
    },
  },
  {
    letter: "h",
    title: "Another caller snatches the slot: said plainly, nothing held",
    async play(stage, say) {
      const [slow, quick] = ["+15557770002", "+15557770003"];
      const slowCall = callTo(stage, say, clinic, slow);
      const slotId = firstSlot(await slowCall.tool("check_availability", { date: dayFromNow(4) }));
      say.fact("another caller asks for the same time");
      assert(
        (await callTo(stage, say, clinic, quick).tool("reserve_atomic", { slotId, patientName: "Ann Quick" })).success,
      );
      const refused = await slowCall.tool("reserve_atomic", { slotId, patientName: "Sam Slow" });
      assert(!refused.success);
      assert.match(refused.error, /^NOT BOOKED/);
      await tellCid(stage, say, slow);
    },
  },
  {
    letter: "i",
    title: "The wrong code twice, then the right one",
    async play(stage, say) {
      const customer = "+15557770004";
      const { call, holdId, code } = await untilCode(stage, say, clinic, customer, 5);
      const wrong = code === "0000" ? "1111" : "0000";
      assert(!(await call.tool("verify_otp", { holdId, providedOTP: wrong })).success);
      assert(!(await call.tool("verify_otp", { holdId, providedOTP: wrong })).success);
      assert((await call.tool("verify_otp", { holdId, providedOTP: code })).success);
      await tellCid(stage, say, customer);
    },
  },
  {
    letter: "j",
    title: "The calendar is down at the code: NOT BOOKED, and the owner's phone",
    async play(stage, say) {
      const customer = "+15557770005";
      const { call, holdId, code } = await untilCode(stage, say, plumber, customer, 3);
      stage.google.faults.add({
        kind: "fail-before",
        match: { method: "POST", path: "/events" },
        status: 403,
        code: "forbidden",
      });
      const answer = await call.tool("verify_otp", { holdId, providedOTP: code });
      assert.match(answer.error, /^NOT BOOKED/);
      const alert = await eventually("the owner's alert", () =>
        stage.received(plumber.owner).find((body) => body.includes(customer)),
      );
      say.text(plumber.phone, plumber.owner, alert);
      assert(!stage.received(customer).some((body) => /confirmed!|all set/i.test(body)));
      await tellCid(stage, say, customer);
    },
  },
  {
    letter: "k",
    title: "The caller hangs up before the code: the slot is free again",
    async play(stage, say) {
      const customer = "+15557770006";
      const { call, holdId } = await untilCode(stage, say, clinic, customer, 6);
      await call.hangUp({
        transcript: "AI: Please read me the code.\nUser: One moment.",
        endedReason: "customer-ended-call",
      });
      await eventually("the released hold", async () => {
        const { rows } = await stage.database.query("SELECT status FROM booking.appointment_holds WHERE id = $1", [
          holdId,
        ]);
        return rows[0]?.status === "released";
      });
      say.fact("the hold was given back at the end of the call");
      await tellCid(stage, say, customer);
    },
  },
];
