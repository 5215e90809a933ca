import { reasonOf } from "@bookproof/errors";
import { withTenant } from "@bookproof/postgres";
import { OtpSendStatus, type SendOtpRequest, type SendOtpResponse } from "@bookproof/proto/booking";
import { parseRequest } from "@bookproof/service";
import { z } from "zod";
import type { Deps } from "../deps.ts";
import { type PreparedCode, prepareCode } from "../otp/prepare-code.ts";

const schema = z.object({
  tenantId: z.guid(),
  holdId: z.guid(),
  cid: z.string().min(1),
  phone: z.string().max(50),
  conversationId: z.string(),
});

/** Sends a code for a live hold: to its phone, or where that cannot be reached or is not known, to its e-mail. */
export const sendOtp =
  (deps: Deps) =>
  async (request: SendOtpRequest): Promise<SendOtpResponse> => {
    const { tenantId, holdId, cid, phone } = parseRequest(schema, request);
    const prepared = await withTenant(deps.pool, tenantId, (client) =>
      prepareCode(deps, client, { tenantId, holdId, phone }),
    );
    if (prepared === "no_live_hold") return { status: OtpSendStatus.OTP_SEND_STATUS_NO_LIVE_HOLD };
    if (prepared === "limit_reached") {
      deps.log.step(cid, "OTP_LIMIT_REACHED", { holdId });
      return { status: OtpSendStatus.OTP_SEND_STATUS_LIMIT_REACHED };
    }
    return { status: await deliver(deps, { tenantId, cid, holdId }, prepared) };
  };

/** The code is committed by now: whoever receives it can use it at once. */
async function deliver(
  deps: Deps,
  about: { tenantId: string; cid: string; holdId: string },
  code: PreparedCode,
): Promise<OtpSendStatus> {
  const { tenantId, cid, holdId } = about;
  const accepted = async (recipient: { phone: string; email: string }): Promise<boolean> => {
    const channel = recipient.phone ? "sms" : "email";
    const key = `otp:${holdId}:${code.sequence}`;
    const answer = await deps.notifier.sendOneTimeCode(
      {
        tenantId,
        cid,
        key: channel === "sms" ? key : `${key}:email`,
        ...recipient,
        code: code.digits,
        businessPhone: "",
      },
      { deadline: deps.config.voice.sendCodeMs },
    );
    deps.log.step(cid, answer.accepted ? "OTP_SENT" : "OTP_NOT_ACCEPTED", {
      holdId,
      channel,
      sequence: code.sequence,
    });
    return answer.accepted;
  };
  try {
    if (code.phone && (await accepted({ phone: code.phone, email: "" })))
      return OtpSendStatus.OTP_SEND_STATUS_SENT_BY_SMS;
    if (code.email && (await accepted({ phone: "", email: code.email })))
      return OtpSendStatus.OTP_SEND_STATUS_SENT_BY_EMAIL;
  } catch (error) {
    // Answered rather than thrown: a client that tries again would use up the hold's codes, and a human is needed either way.
    deps.log.failure(cid, "OTP_SEND_FAILED", { holdId, reason: reasonOf(error) }, error);
  }
  return OtpSendStatus.OTP_SEND_STATUS_UNREACHABLE;
}
