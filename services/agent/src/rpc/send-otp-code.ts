import { hasReason, type Reason } from "@bookproof/errors";
import type { SendOtpCodeRequest, SendOtpCodeResponse } from "@bookproof/proto/agent";
import { OtpSendStatus } from "@bookproof/proto/booking";
import { parseRequest } from "@bookproof/service";
import { z } from "zod";
import { answerTool, done, refused, type ToolAnswer } from "../calls/answer-tool.ts";
import { holdOfCall } from "../calls/hold-of-call.ts";
import { joinRepeats } from "../calls/join-repeats.ts";
import { callerSchema } from "../calls/open-call.ts";
import type { Deps } from "../deps.ts";
import { toE164 } from "../domain/voice/caller-number.ts";
import { speech } from "../domain/voice/speech.ts";
import { storeCodeSent } from "../queries/call-progress.ts";
import type { Call } from "../queries/calls.ts";

const schema = z.object({ caller: callerSchema, holdId: z.string().max(100), patientPhone: z.string().max(200) });
type Wanted = z.output<typeof schema>;
type Answer = ToolAnswer<{ codeSent: boolean }>;

/** A call that asks again so soon was talked over: the code is on its way. */
const REPEAT_MS = 5_000;
const deadlineMs = 10_000;

const refusal = (reason: Reason, said: string, escalate?: Reason): Answer => ({
  outcome: refused(reason, said),
  fields: { codeSent: false },
  ...(escalate && { escalate }),
});

/** Voice tool send_otp_code: a code for the call's live hold, to the phone that the call comes from. */
export const sendOtpCode = (deps: Deps) => {
  const join = joinRepeats<SendOtpCodeResponse>();
  return async (request: SendOtpCodeRequest): Promise<SendOtpCodeResponse> => {
    const wanted = parseRequest(schema, request);
    const { caller, holdId, patientPhone } = wanted;
    return join([caller.tenantId, caller.callId, holdId, patientPhone], () =>
      answerTool(
        deps,
        "send_otp_code",
        { caller, patientPhone, holdId },
        (call) => send(deps, call, wanted),
        (reason) => refusal(reason, speech.failed, reason),
      ),
    );
  };
};

async function send(deps: Deps, call: Call, { caller, holdId: named, patientPhone }: Wanted): Promise<Answer> {
  const holdId = holdOfCall(call, caller.callId, named);
  if (!holdId || holdId === call.confirmedHoldId) return refusal("hold_not_found", speech.noLiveHold);
  const justSent = call.codeSentAt && Date.now() - call.codeSentAt.getTime() < REPEAT_MS;
  if (caller.callId && justSent && call.codeChannel) return sent(call, call.codeChannel);
  const phone = caller.callId ? call.customerPhone : toE164(patientPhone, call.tenantPhone);
  const { status } = await deps.booking
    .sendOtp(
      { tenantId: call.tenantId, holdId, cid: call.cid, phone, conversationId: call.conversationId },
      { deadline: deadlineMs },
    )
    .catch((error) => {
      if (hasReason(error, "hold_not_found")) return { status: OtpSendStatus.OTP_SEND_STATUS_NO_LIVE_HOLD };
      throw error;
    });
  switch (status) {
    case OtpSendStatus.OTP_SEND_STATUS_SENT_BY_SMS:
      return sent(call, "phone");
    case OtpSendStatus.OTP_SEND_STATUS_SENT_BY_EMAIL:
      return sent(call, "email");
    case OtpSendStatus.OTP_SEND_STATUS_NO_LIVE_HOLD:
      return refusal("hold_expired", speech.noLiveHold);
    case OtpSendStatus.OTP_SEND_STATUS_LIMIT_REACHED:
      return refusal("code_limit_reached", speech.noMoreCodes, "code_limit_reached");
    case OtpSendStatus.OTP_SEND_STATUS_UNREACHABLE:
      return refusal("customer_unreachable", speech.unreachable, "customer_unreachable");
    default:
      return refusal("internal", speech.failed, "internal");
  }
}

function sent(call: Call, channel: "phone" | "email"): Answer {
  return {
    outcome: done(channel === "phone" ? speech.codeSentToPhone : speech.codeSentToEmail),
    fields: { codeSent: true },
    remember: (client) => storeCodeSent(client, call, channel),
  };
}
