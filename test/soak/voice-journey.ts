import { createVapiCaller, type VapiToolName, type VapiToolReply } from "@bookproof/simulators";
import type { JourneyEnd, Measurements } from "./measurements.ts";
import type { Customer } from "./sms-journey.ts";
import type { SoakWorld } from "./soak-world.ts";

/** A caller who books by telephone, with every tool in turn; the first that fails ends the call. */
export async function playVoiceJourney(
  world: SoakWorld,
  seen: Measurements,
  customer: Customer,
  over: AbortSignal,
): Promise<JourneyEnd> {
  const { phone, business } = customer;
  const caller = createVapiCaller({
    baseUrl: world.gatewayUrl,
    credential: { bearer: business.vapiSecret },
    dialect: "vapi",
    callerNumber: phone,
    calledNumber: business.phone,
  });
  const tool = async (name: VapiToolName, args: Record<string, unknown>): Promise<VapiToolReply> => {
    const began = performance.now();
    const reply = await caller.tool(name, args).catch((error: unknown) => failedCall(error));
    seen.times.voice.push(performance.now() - began);
    const isRefused = reply.status === 503 || /too busy/i.test(reply.error);
    seen.sawStatus("voice", isRefused ? "refused" : reply.status);
    if (!reply.success) throw new Unsuccessful(isRefused ? "refused" : "other", `${name}: ${reply.error}`);
    return reply;
  };
  try {
    const day = new Date(Date.now() + customer.daysAhead * 24 * 60 * 60_000).toISOString().slice(0, 10);
    const { content } = await tool("check_availability", { date: day });
    const slots = Array.isArray(content.slots) ? content.slots : [];
    const slotId = slots[customer.pick % slots.length]?.time;
    const held = await tool("reserve_atomic", { slotId, patientName: "Jane Roe" });
    await tool("send_otp_code", { holdId: held.content.holdId });
    const code = /\b\d{4}\b/.exec(await world.phones.next(phone, 0, over))?.[0];
    seen.confirms.push({ customer: phone, owner: business.owner, by: "voice" });
    const booked = await tool("verify_otp", { holdId: held.content.holdId, providedOTP: code });
    await tool("send_confirmation_sms", { appointmentId: booked.content.appointmentId });
    return "booked";
  } catch (error) {
    if (over.aborted) return "unanswered";
    if (!(error instanceof Unsuccessful)) throw error;
    if (error.end === "other") seen.sawStrange(error.message);
    return error.end;
  } finally {
    await caller.hangUp({ transcript: "User: Thanks, bye." }).catch(() => undefined); // reported or not, the call is over
  }
}

/** A tool that did not do what it was asked, and what that makes of the call. */
class Unsuccessful extends Error {
  readonly end: JourneyEnd;
  constructor(end: JourneyEnd, message: string) {
    super(message);
    this.end = end;
  }
}

function failedCall(error: unknown): VapiToolReply {
  const told = error instanceof Error ? error.message : String(error);
  return { status: 0, success: false, content: {}, speech: "", error: told, raw: undefined };
}
