import { hasReason, type Reason, reasonRow } from "@bookproof/errors";
import { enqueue, type Queryable } from "@bookproof/postgres";
import type { SendConfirmationSmsRequest, SendConfirmationSmsResponse } from "@bookproof/proto/agent";
import { type AppointmentSummary, ProofStatus } from "@bookproof/proto/booking";
import { parseRequest } from "@bookproof/service";
import { z } from "zod";
import { answerTool, done, refused, type ToolAnswer } from "../calls/answer-tool.ts";
import { callerSchema } from "../calls/open-call.ts";
import type { Deps } from "../deps.ts";
import { toE164 } from "../domain/voice/caller-number.ts";
import { speech } from "../domain/voice/speech.ts";
import { sendCallConfirmation } from "../jobs/voice-definitions.ts";
import { markConfirmationRequested } from "../queries/call-progress.ts";
import type { Call } from "../queries/calls.ts";

const schema = z.object({
  caller: callerSchema,
  appointmentId: z.string().max(100),
  patientPhone: z.string().max(200),
  contactId: z.string().max(100),
});
type Wanted = z.output<typeof schema>;
type Answer = ToolAnswer<Omit<SendConfirmationSmsResponse, "outcome">>;

const deadlineMs = 10_000;

const refusal = (reason: Reason, said: string, more: Partial<Answer> = {}): Answer => ({
  outcome: refused(reason, said),
  fields: { messageSent: false, messageId: "" },
  ...more,
});

/** Voice tool send_confirmation_sms: the details of a proven appointment of this caller, and of no other. */
export const sendConfirmationSms =
  (deps: Deps) =>
  async (request: SendConfirmationSmsRequest): Promise<SendConfirmationSmsResponse> => {
    const wanted = parseRequest(schema, request);
    const { caller, appointmentId, patientPhone } = wanted;
    return answerTool(
      deps,
      "send_confirmation_sms",
      { caller, patientPhone, appointmentId },
      (call) => confirm(deps, call, wanted),
      (reason) => refusal(reason, speech.confirmationFailed, { escalate: reason }),
    );
  };

async function confirm(deps: Deps, call: Call, wanted: Wanted): Promise<Answer> {
  const appointmentId = wanted.appointmentId || (wanted.caller.callId && call.appointmentId);
  const appointment = appointmentId ? await provenAppointment(deps, call, appointmentId) : undefined;
  if (!appointment || !isTheirs(call, wanted, appointment)) {
    // The call was told that this one is booked, and it is not proven: a human must look.
    const promised = appointmentId !== "" && call.appointmentId === appointmentId;
    return refusal("appointment_not_found", speech.nothingToConfirm, {
      ...(promised && { escalate: "booking_outcome_unknown" as const }),
    });
  }
  const { tenantId, cid, conversationId } = call;
  const message = { tenantId, cid, conversationId, appointmentId, phone: appointment.customerPhone };
  const remember = (client: Queryable) => markConfirmationRequested(client, call);
  const { messageSent, messageId, reason } = await deps.notifier
    .sendConfirmation(message, { deadline: deadlineMs })
    .catch((error) => {
      if (hasReason(error, "unavailable", "overloaded"))
        return { messageSent: false, messageId: "", reason: error.reason };
      throw error;
    });
  if (messageSent) {
    const said = appointment.customerPhone ? speech.confirmationSent : speech.confirmationSentByEmail;
    return { outcome: done(said), fields: { messageSent, messageId }, remember };
  }
  const why = reasonRow(reason) ? (reason as Reason) : "unavailable";
  if (why !== "unavailable" && why !== "overloaded" && why !== "booking_outcome_unknown") {
    return refusal(why, speech.confirmationFailed, { escalate: why, remember });
  }
  // Booked and proven, only the notifier could not see it yet: the text follows as soon as it can, and the notifier sees to it.
  return refusal("unavailable", speech.confirmationDelayed, {
    async remember(client) {
      await remember(client);
      await enqueue(client, sendCallConfirmation, message);
    },
  });
}

async function provenAppointment(
  deps: Deps,
  { tenantId }: Call,
  appointmentId: string,
): Promise<AppointmentSummary | undefined> {
  if (!z.guid().safeParse(appointmentId).success) return undefined;
  try {
    const subject = { $case: "appointmentId", value: appointmentId } as const;
    const { status, appointment } = await deps.booking.getBookingProof({ tenantId, subject });
    return status === ProofStatus.PROOF_STATUS_PROVEN ? appointment : undefined;
  } catch (error) {
    if (hasReason(error, "appointment_not_found")) return undefined;
    throw error;
  }
}

/** Booked by this call, or in the name of the number that calls; without a call, of the number named. */
function isTheirs(call: Call, wanted: Wanted, { appointmentId, customerPhone }: AppointmentSummary): boolean {
  if (wanted.caller.callId)
    return call.appointmentId === appointmentId || sameNumber(call.customerPhone, customerPhone);
  if (wanted.patientPhone) return sameNumber(toE164(wanted.patientPhone, call.tenantPhone), customerPhone);
  return call.appointmentId === appointmentId;
}

const sameNumber = (a: string, b: string) => a !== "" && a === b;
