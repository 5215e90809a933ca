import type { AgentServiceDefinition, Caller, ToolOutcome } from "@bookproof/proto/agent";
import type { GrpcClient } from "@bookproof/service";
import { errorText, type ToolAnswer } from "../domain/vapi/tool-answer.ts";
import type { ToolArguments } from "../domain/vapi/tool-arguments.ts";
import type { ToolName } from "../domain/vapi/tool-names.ts";

/**
 * Carries out one tool, by a deadline in ms from now.
 * @throws BookproofError of the agent, or `unavailable` when it did not answer in time
 */
type RunTool = (caller: Caller, given: ToolArguments, within: { deadline: number }) => Promise<ToolAnswer>;

/** How long each tool may take, in ms. */
export const toolDeadlines: Readonly<Record<ToolName, number>> = {
  check_availability: 5_000,
  reserve_atomic: 5_000,
  send_otp_code: 5_000,
  verify_otp: 7_350,
  send_confirmation_sms: 5_000,
};

/** The five tools as the agent carries them out, each answer with the seed's own fields (seed 002). */
export function createAgentTools(agent: GrpcClient<AgentServiceDefinition>): Readonly<Record<ToolName, RunTool>> {
  return {
    async check_availability(caller, { date, serviceType }, within) {
      const request = { caller, date, serviceType };
      const { outcome, slots } = await agent.checkAvailability(request, within);
      return answerOf(outcome, {
        slots: slots.map(({ time, provider }) => ({ time: rfc3339(time), provider })),
      });
    },

    async reserve_atomic(caller, given, within) {
      const { slotId, calendarId, patientName, patientPhone, patientEmail, serviceType } = given;
      const request = { caller, slotId, calendarId, patientName, patientPhone, patientEmail, serviceType };
      const held = await agent.reserveAtomic(request, within);
      const { holdId, contactId, expiresAt } = held;
      return answerOf(held.outcome, held.outcome?.success ? { holdId, contactId, expiresAt: rfc3339(expiresAt) } : {});
    },

    async send_otp_code(caller, { holdId, patientPhone }, within) {
      const { outcome, codeSent } = await agent.sendOtpCode({ caller, holdId, patientPhone }, within);
      return answerOf(outcome, { codeSent });
    },

    async verify_otp(caller, { holdId, providedOTP, contactId, address }, within) {
      const request = { caller, holdId, providedOtp: providedOTP, contactId, address };
      const { outcome, appointmentId, retriesLeft } = await agent.verifyOtpCode(request, within);
      if (outcome?.success) return answerOf(outcome, { appointmentId });
      // A wrong code is told by the tries that are left alone, as in the seed.
      if (retriesLeft !== undefined) return { ...answerOf(outcome, { retriesLeft }), error: "" };
      return answerOf(outcome, {});
    },

    async send_confirmation_sms(caller, { appointmentId, patientPhone, contactId }, within) {
      const request = { caller, appointmentId, patientPhone, contactId };
      const sent = await agent.sendConfirmationSms(request, within);
      const { messageSent, messageId } = sent;
      return answerOf(sent.outcome, sent.outcome?.success ? { messageSent, messageId } : { messageSent });
    },
  };
}

function answerOf(outcome: ToolOutcome | undefined, fields: ToolAnswer["fields"]): ToolAnswer {
  const told = outcome ?? { success: false, speech: "", reason: "internal", error: "" };
  return { success: told.success, fields, error: errorText(told), speech: told.speech };
}

/** RFC 3339 in UTC; whole seconds as in the seed. */
function rfc3339(time: Date | undefined): string {
  return time?.toISOString().replace(".000Z", "Z") ?? "";
}
