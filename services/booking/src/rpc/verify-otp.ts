import { withTenant } from "@bookproof/postgres";
import {
  type ConfirmBookingResponse,
  OtpStatus,
  type VerifyOtpRequest,
  type VerifyOtpResponse,
} from "@bookproof/proto/booking";
import { parseRequest } from "@bookproof/service";
import { z } from "zod";
import type { Deps } from "../deps.ts";
import { type CheckedCode, checkCode } from "../otp/check-code.ts";
import { endOfAttempt } from "../otp/end-of-attempt.ts";
import { retryDeadlock } from "../queries/retry-deadlock.ts";
import { isTakenInCalendar } from "../saga/look-before-confirm.ts";
import { finishConfirm, toConfirmResponse, traceConfirm, traceFailure } from "./confirm-booking.ts";

const schema = z.object({
  tenantId: z.guid(),
  holdId: z.guid(),
  code: z.string().max(200),
  cid: z.string().min(1),
  conversationId: z.string(),
  contactId: z.union([z.guid(), z.literal("")]),
  address: z.string().max(500),
  // The latest start of a CONFIRM, as in ConfirmBooking; the answer has its own limit.
  notAfter: z.date().optional(),
  businessPhone: z.string(),
});

/** Checks a code and, if it is right, carries out its hold's CONFIRM; answers RUNNING rather than late. */
export const verifyOtp =
  (deps: Deps) =>
  async (request: VerifyOtpRequest): Promise<VerifyOtpResponse> => {
    const answerBy = Date.now() + deps.config.voice.verifyMs;
    const parsed = parseRequest(schema, request);
    const { tenantId, cid, holdId } = parsed;
    const isTaken = await isTakenInCalendar(deps, tenantId, holdId);
    const given = { ...parsed, notAfter: request.notAfter, isTakenInCalendar: isTaken };
    const checked = await retryDeadlock(() =>
      withTenant(deps.pool, tenantId, (client) => checkCode(deps, client, given)),
    );
    deps.log.step(cid, "OTP_CHECKED", { holdId, outcome: checked.kind });
    if (checked.kind === "no_live_hold") return { status: OtpStatus.OTP_STATUS_NO_LIVE_HOLD, retriesLeft: 0 };
    if (checked.kind === "no_code") return { status: OtpStatus.OTP_STATUS_NO_CODE, retriesLeft: 0 };
    if (checked.kind === "wrong") {
      const { triesLeft: retriesLeft } = checked;
      return {
        status: retriesLeft > 0 ? OtpStatus.OTP_STATUS_WRONG_CODE : OtpStatus.OTP_STATUS_NO_TRIES_LEFT,
        retriesLeft,
      };
    }
    return {
      status: OtpStatus.OTP_STATUS_VERIFIED,
      retriesLeft: 0,
      booking: await bookInTime(deps, checked, answerBy),
    };
  };

async function bookInTime(
  deps: Deps,
  { command, begun }: Extract<CheckedCode, { kind: "right" }>,
  answerBy: number,
): Promise<ConfirmBookingResponse> {
  if (begun.kind === "recorded")
    return toConfirmResponse(await endOfAttempt(deps, command.tenantId, begun.attempt, answerBy));
  const booking = traceConfirm(deps, command, "received").then(() =>
    traceFailure(deps, command, () => finishConfirm(deps, command, begun)),
  );
  if (begun.kind === "slot_taken") return booking;
  const { promise: late, resolve } = Promise.withResolvers<"late">();
  const timer = setTimeout(() => resolve("late"), Math.max(0, answerBy - Date.now()));
  try {
    const first = await Promise.race([booking, late]);
    if (first !== "late") return first;
  } finally {
    clearTimeout(timer);
  }
  // It goes on without us; settle_attempt sees to it that it ends.
  booking.catch((error: unknown) =>
    deps.logger.error({ err: error, cid: command.cid }, "[CONFIRM_CUT_SHORT] an attempt is left to its deadline"),
  );
  return toConfirmResponse(begun.attempt);
}
