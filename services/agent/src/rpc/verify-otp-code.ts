import type { VerifyOtpCodeRequest, VerifyOtpCodeResponse } from "@bookproof/proto/agent";
import { parseRequest } from "@bookproof/service";
import { z } from "zod";
import { answerTool } from "../calls/answer-tool.ts";
import { joinRepeats } from "../calls/join-repeats.ts";
import { callerSchema } from "../calls/open-call.ts";
import { confirmUnanswered, verifyCode } from "../calls/verify-code.ts";
import type { Deps } from "../deps.ts";

const schema = z.object({
  caller: callerSchema,
  holdId: z.string().max(100),
  providedOtp: z.string().max(100),
  contactId: z.string().max(100),
  address: z.string().max(500),
});

/** Voice tool verify_otp: the caller's CONFIRM, answered within 8 seconds whatever booking does. */
export const verifyOtpCode = (deps: Deps) => {
  const join = joinRepeats<VerifyOtpCodeResponse>();
  return async (request: VerifyOtpCodeRequest): Promise<VerifyOtpCodeResponse> => {
    const wanted = parseRequest(schema, request);
    const { caller, holdId, providedOtp } = wanted;
    return join([caller.tenantId, caller.callId, holdId, providedOtp], () =>
      answerTool(deps, "verify_otp", { caller, holdId }, (call) => verifyCode(deps, call, wanted), confirmUnanswered),
    );
  };
};
