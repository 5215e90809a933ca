import { setTimeout as sleep } from "node:timers/promises";
import { createVapiCaller, type VapiToolReply } from "@bookproof/simulators";
import { DateTime } from "luxon";
import { z } from "zod";
import type { Story } from "./story.ts";
import { received } from "./texting.ts";

const offered = z.array(z.object({ time: z.string() }));

/** A telephone call: looks, reserves, hears the code, says it, asks for the confirmation, hangs up. */
export async function voice(story: Story): Promise<void> {
  const { world, plan, tenant } = story;
  const [customer] = tenant.customers;
  const caller = createVapiCaller({
    baseUrl: world.gatewayUrl,
    credential: { bearer: tenant.vapiSecret },
    dialect: "vapi",
    callerNumber: customer,
    calledNumber: tenant.business,
  });
  try {
    const date = DateTime.now().setZone("America/New_York").plus({ days: plan.wanted.days }).toISODate() ?? "";
    const slots = await untilSuccess(() => caller.tool("check_availability", { date }));
    const slotId = offered.safeParse(slots?.content.slots).data?.[0]?.time;
    if (!slotId) return;
    const wanted = { slotId, calendarId: tenant.calendarId, patientName: "John Smith" };
    const holdId = (await untilSuccess(() => caller.tool("reserve_atomic", wanted)))?.content.holdId;
    if (!holdId || !(await untilSuccess(() => caller.tool("send_otp_code", { holdId })))) return;
    const code = await codeOf(story, customer);
    if (!code) return;
    story.confirming();
    const verified = await untilSuccess(() => caller.tool("verify_otp", { holdId, providedOTP: code }), 2);
    const appointmentId = verified?.content.appointmentId;
    if (appointmentId) await untilSuccess(() => caller.tool("send_confirmation_sms", { appointmentId }), 2);
  } finally {
    await untilSuccess(async () => ({ success: (await caller.hangUp()).status < 500 }));
    story.voice.push(...caller.ledger());
  }
}

/** The model asks again when a tool failed; a few times. */
async function untilSuccess<T extends Pick<VapiToolReply, "success">>(
  tool: () => Promise<T>,
  tries = 4,
): Promise<T | undefined> {
  for (let attempt = 1; attempt <= tries; attempt++) {
    // A connection that was cut is a tool that failed.
    const reply = await tool().catch(() => undefined);
    if (reply?.success) return reply;
    await sleep(250);
  }
  return undefined;
}

async function codeOf(story: Story, customer: string): Promise<string | undefined> {
  for (const until = performance.now() + 4_000; performance.now() < until; await sleep(25)) {
    const code = received(story, customer)
      .map((body) => /\b\d{4}\b/.exec(body)?.[0])
      .findLast((found) => found);
    if (code) return code;
  }
  return undefined;
}
