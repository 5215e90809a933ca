import { hasReason, type Reason, reasonRow } from "@bookproof/errors";
import { enqueue, type Queryable, withTenant } from "@bookproof/postgres";
import type { Caller, VerifyOtpCodeResponse } from "@bookproof/proto/agent";
import {
  AttemptStatus,
  type ConfirmBookingResponse,
  OtpStatus,
  ProofStatus,
  type VerifyOtpResponse,
} from "@bookproof/proto/booking";
import { z } from "zod";
import type { Deps } from "../deps.ts";
import { speech } from "../domain/voice/speech.ts";
import { watchLostSlot } from "../jobs/definitions.ts";
import { watchCallConfirm } from "../jobs/voice-definitions.ts";
import { proofOf } from "../jobs/watch-confirm.ts";
import { markCallNeedsHuman, storeConfirmed, storeConfirming, storeNotConfirmed } from "../queries/call-progress.ts";
import type { Call } from "../queries/calls.ts";
import { done, refused, type ToolAnswer } from "./answer-tool.ts";
import { holdOfCall } from "./hold-of-call.ts";

type Answer = ToolAnswer<Omit<VerifyOtpCodeResponse, "outcome">>;

interface Wanted {
  caller: Caller;
  holdId: string;
  providedOtp: string;
  contactId: string;
  address: string;
}

/** Vapi and the caller wait no longer than 8 s in all. */
const deadlineMs = 7_500;
/** Booking answers before this, with "running" where it must, and begins nothing after it. */
const patienceMs = 7_300;

const refusal = (reason: Reason, said: string, more: Partial<Answer> = {}): Answer => ({
  outcome: refused(reason, said),
  fields: { appointmentId: "", retriesLeft: undefined },
  ...more,
});

/** Checks the caller's code and, if it is right, has booking carry out the CONFIRM. */
export async function verifyCode(deps: Deps, call: Call, wanted: Wanted): Promise<Answer> {
  const { tenantId, cid } = call;
  const holdId = holdOfCall(call, wanted.caller.callId, wanted.holdId);
  if (!holdId) return refusal("hold_not_found", speech.noLiveHold);
  const contactId = wanted.caller.callId ? "" : wanted.contactId;
  if (contactId && !z.guid().safeParse(contactId).success) return refusal("hold_not_found", speech.noLiveHold);
  if (wanted.caller.callId && !call.codeSentAt) return refusal("code_not_sent", speech.noCodeYet);
  await withTenant(deps.pool, tenantId, async (client) => {
    await storeConfirming(client, call, holdId, wanted.address.trim());
    const watched = { tenantId, callId: call.callId, cid, holdId };
    await enqueue(client, watchCallConfirm, watched, { delayMs: deps.config.confirmAlertMs, key: `watch:${holdId}` });
  });
  const verified = await deps.booking
    .verifyOtp(
      {
        tenantId,
        holdId,
        code: wanted.providedOtp,
        cid,
        conversationId: call.conversationId,
        // Of a call the hold's own contact counts, whatever the model names.
        contactId,
        address: wanted.address.trim(),
        notAfter: new Date(Date.now() + patienceMs),
        businessPhone: call.tenantPhone,
      },
      { deadline: deadlineMs },
    )
    .catch((error) => {
      if (hasReason(error, "hold_not_found")) return notLive;
      throw error;
    });
  if (verified.status === OtpStatus.OTP_STATUS_NO_LIVE_HOLD) return answerNoLiveHold(deps, call, holdId);
  return answerVerified(deps, call, holdId, verified);
}

/**
 * A caller who talks over a code that is right may be misheard the second time: where its CONFIRM has begun, "nothing is
 * booked" would be untrue, and the watch must go on.
 */
async function answerNoLiveHold(deps: Deps, call: Call, holdId: string): Promise<Answer> {
  const proof = await proofOf(deps, call.tenantId, holdId);
  if (proof === ProofStatus.PROOF_STATUS_PROVEN && call.confirmedHoldId === holdId) {
    const { appointmentId } = call;
    return {
      outcome: done(speech.booked),
      fields: { appointmentId, retriesLeft: undefined },
      remember: (client) => storeConfirmed(client, call, { holdId, appointmentId }),
    };
  }
  if (proof === ProofStatus.PROOF_STATUS_RUNNING || proof === ProofStatus.PROOF_STATUS_PROVEN)
    return refusal("booking_outcome_unknown", speech.stillConfirming);
  return refusal("hold_expired", speech.noLiveHold, {
    remember: (client) => storeNotConfirmed(client, call, { slotLost: false }),
  });
}

const notLive: VerifyOtpResponse = { status: OtpStatus.OTP_STATUS_NO_LIVE_HOLD, retriesLeft: 0, booking: undefined };

function answerVerified(deps: Deps, call: Call, holdId: string, verified: VerifyOtpResponse): Answer {
  const { status, retriesLeft, booking } = verified;
  const forget = { remember: (client: Queryable) => storeNotConfirmed(client, call, { slotLost: false }) };
  switch (status) {
    case OtpStatus.OTP_STATUS_VERIFIED:
      return answerBooked(deps, call, holdId, booking);
    case OtpStatus.OTP_STATUS_WRONG_CODE:
      return refusal("code_wrong", speech.wrongCode(retriesLeft), {
        fields: { appointmentId: "", retriesLeft },
        ...forget,
      });
    case OtpStatus.OTP_STATUS_NO_TRIES_LEFT:
      return refusal("otp_failed", speech.noTriesLeft, {
        fields: { appointmentId: "", retriesLeft: 0 },
        escalate: "otp_failed",
        ...forget,
      });
    case OtpStatus.OTP_STATUS_NO_CODE:
      return refusal("code_not_sent", speech.noCodeYet, forget);
    default:
      return confirmUnanswered();
  }
}

function answerBooked(deps: Deps, call: Call, holdId: string, booking: ConfirmBookingResponse | undefined): Answer {
  switch (booking?.status) {
    case AttemptStatus.ATTEMPT_STATUS_CONFIRMED: {
      const { appointmentId } = booking;
      return {
        outcome: done(speech.booked),
        fields: { appointmentId, retriesLeft: undefined },
        remember: (client) => storeConfirmed(client, call, { holdId, appointmentId }),
      };
    }
    case AttemptStatus.ATTEMPT_STATUS_FAILED:
      // Its own event has told the owner already, and keeps the slot for them.
      return refusal(knownReason(booking.reason), speech.snag, {
        remember: (client) => markCallNeedsHuman(client, call),
      });
    case AttemptStatus.ATTEMPT_STATUS_SLOT_TAKEN:
      return refusal("slot_lost_after_confirm", speech.lostSlot, {
        remember: (client) => rememberLostSlot(deps, client, call, holdId),
      });
    default:
      return confirmUnanswered();
  }
}

/** Nobody knows what became of it: the caller hears just that, and the owner at once. */
export function confirmUnanswered(): Answer {
  return refusal("booking_outcome_unknown", speech.snag, { escalate: "booking_outcome_unknown" });
}

/** P2: where nothing is booked instead, the owner hears of it: after 30 minutes, and at the end of the call. */
async function rememberLostSlot(deps: Deps, client: Queryable, call: Call, holdId: string): Promise<void> {
  await storeNotConfirmed(client, call, { slotLost: true });
  if (!call.conversationId) return;
  const { tenantId, conversationId, cid } = call;
  const watched = { tenantId, conversationId, cid, holdId };
  await enqueue(client, watchLostSlot, watched, { delayMs: deps.config.lostSlotAlertMs, key: `lost:${holdId}` });
}

function knownReason(name: string): Reason {
  return reasonRow(name) ? (name as Reason) : "booking_failed_after_confirm";
}
