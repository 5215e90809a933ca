import { setTimeout as sleep } from "node:timers/promises";
import { createVapiCaller, type VapiToolReply } from "@bookproof/simulators";
import { DateTime } from "luxon";
import { z } from "zod";
import { type Customer, received, within } from "./customer.ts";

const offered = z.array(z.object({ time: z.string() }));
const codeMs = 8_000;

/** A call: looks, reserves, hears the code, says it, asks for the confirmation, hangs up. */
export async function voiceJourney(customer: Customer): Promise<void> {
  const { real, business, phone, wanted, board } = customer;
  const caller = createVapiCaller({
    ...{ baseUrl: real.gatewayUrl, credential: { bearer: business.vapiSecret }, dialect: "vapi" },
    ...{ callerNumber: phone, calledNumber: business.phone },
  });
  try {
    const date = DateTime.now().setZone(business.history.timeZone).plus({ days: wanted.days }).toISODate() ?? "";
    board.enter("A");
    const found = await untilSuccess(() => caller.tool("check_availability", { date }));
    const slotId = offered.safeParse(found?.content.slots).data?.[0]?.time;
    if (!slotId) return;
    board.enter("B");
    const slot = { slotId, calendarId: business.calendarId, patientName: "John Smith" };
    const holdId = (await untilSuccess(() => caller.tool("reserve_atomic", slot)))?.content.holdId;
    if (!holdId || !(await untilSuccess(() => caller.tool("send_otp_code", { holdId })))) return;
    const code = await within(codeMs, () =>
      received(customer)
        .map((body) => /\b\d{4}\b/.exec(body)?.[0])
        .findLast((digits) => digits !== undefined),
    );
    if (!code) return;
    customer.confirmedAt = Date.now();
    board.enter("C");
    const verified = await untilSuccess(() => caller.tool("verify_otp", { holdId, providedOTP: code }), 2);
    const appointmentId = verified?.content.appointmentId;
    board.enter("D");
    if (appointmentId) await untilSuccess(() => caller.tool("send_confirmation_sms", { appointmentId }), 2);
  } finally {
    await untilSuccess(async () => ({ success: (await caller.hangUp()).status < 500 }));
    customer.voice.push(...caller.ledger());
  }
}

/** The model asks again when a tool failed; a few times. */
async function untilSuccess<T extends Pick<VapiToolReply, "success">>(
  tool: () => Promise<T>,
  tries = 3,
): Promise<T | undefined> {
  for (let attempt = 1; attempt <= tries; attempt++) {
    // A connection that was cut is a tool that failed.
    const reply = await tool().catch(() => undefined);
    if (reply?.success) return reply;
    await sleep(400);
  }
  return undefined;
}
