import { eventually } from "@bookproof/testing";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { DateTime } from "luxon";
import { z } from "zod";
import { type InProcessWorld, startInProcessWorld } from "../support/in-process-world.ts";
import { clinic, clinicId, clinicVapiSecret } from "../support/tenants.ts";

const answer = z.object({ toolResult: z.object({ content: z.string() }), speech: z.string() });

let world: InProcessWorld;
beforeAll(async () => {
  world = await startInProcessWorld({ tenants: [clinic()] });
}, 60_000);
afterAll(() => world.close());

/** Posts the body as the document prints it. */
async function post(path: string, toolArguments: Record<string, unknown>) {
  const response = await fetch(`${world.gatewayUrl}/api/vapi/tools/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${clinicVapiSecret}` },
    body: JSON.stringify({ toolCall: { arguments: toolArguments } }),
  });
  expect(response.status).toBe(200);
  const { toolResult, speech } = answer.parse(await response.json());
  return { content: JSON.parse(toolResult.content), speech };
}

test("the five requests of the booking document work as printed, with the date moved to the future", async () => {
  const date = DateTime.now().setZone("America/New_York").plus({ days: 3 }).toISODate();
  const tenantId = clinicId;
  const patientPhone = "+1-555-1234";

  const check = await post("calendar/check", { tenantId, date });
  expect(check.content).toEqual({
    success: true,
    slots: expect.arrayContaining([
      { time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/), provider: "Dr. Smith" },
    ]),
  });
  expect(check.speech).toMatch(/available at/);
  const slotId = check.content.slots[0].time;

  const reserve = { tenantId, slotId, calendarId: "cal-smith", patientName: "John Smith", patientPhone };
  const reserved = await post("booking/reserve-atomic", reserve);
  expect(reserved.content).toMatchObject({ success: true, holdId: expect.any(String) });
  expect(reserved.speech).toBe("Perfect! I've held that time for you.");
  const taken = await post("booking/reserve-atomic", { ...reserve, patientName: "Jane", patientPhone: "+1-555-9876" });
  expect(taken).toEqual({
    content: { success: false, error: "Slot already held" },
    speech: "That slot was just taken. Let me find another option...",
  });

  const { holdId, contactId } = reserved.content;
  const sent = await post("booking/send-otp", { holdId, patientPhone });
  expect(sent).toEqual({ content: { success: true, codeSent: true }, speech: "Code sent to your phone" });
  const code = await eventually(
    "the code's text",
    () => /\b\d{4}\b/.exec(world.received("+15551234").at(-1) ?? "")?.[0],
  );

  const wrong = await post("booking/verify-otp", { holdId, providedOTP: code === "0000" ? "1111" : "0000", contactId });
  expect(wrong.content).toMatchObject({ success: false, retriesLeft: 2 });
  expect(wrong.speech).toBe("That's not quite right. You have 2 more tries.");
  const verified = await post("booking/verify-otp", { holdId, providedOTP: code, contactId });
  expect(verified.content).toMatchObject({ success: true, appointmentId: expect.any(String) });
  expect(verified.speech).toBe("Perfect! Your appointment is confirmed.");

  const { appointmentId } = verified.content;
  const confirmation = await post("booking/send-confirmation", { appointmentId, patientPhone, contactId });
  expect(confirmation.content).toEqual({
    success: true,
    messageSent: true,
    messageId: expect.stringMatching(/^SM[0-9a-f]{32}$/),
  });
  expect(confirmation.speech).toBe("Perfect! Check your text for the details.");
  const text = world.received("+15551234").at(-1);
  expect(text).toMatch(
    /^Your appointment confirmed!\n\n📅 .+ at .+ (AM|PM) with Dr\. Smith\n💼 Smile Dental\n📞 .+\n\nCall to reschedule\. Reply STOP to unsubscribe\.$/,
  );

  const row = await eventually("the confirmation's id at the appointment", async () => {
    const { rows } = await world.database.query(
      "SELECT confirmation_sms_sent, confirmation_sms_id, otp_verified FROM booking.appointments WHERE id = $1 AND confirmation_sms_sent",
      [appointmentId],
    );
    return rows[0];
  });
  expect(row).toEqual({
    confirmation_sms_sent: true,
    confirmation_sms_id: confirmation.content.messageId,
    otp_verified: true,
  });
});

test("neither phone nor e-mail is a 400 with the document's words", async () => {
  const response = await fetch(`${world.gatewayUrl}/api/vapi/tools/booking/reserve-atomic`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-vapi-secret": clinicVapiSecret },
    body: JSON.stringify({
      toolCall: {
        arguments: {
          tenantId: clinicId,
          slotId: "2030-01-15T15:00:00Z",
          calendarId: "cal-smith",
          patientName: "John Smith",
        },
      },
    }),
  });
  expect(response.status).toBe(400);
  expect(await response.json()).toEqual({ error: "I need your email or phone" });
});
