import { reasonOf } from "@bookproof/errors";
import { withTenant } from "@bookproof/postgres";
import { AttemptStatus, type ConfirmBookingRequest, type ConfirmBookingResponse } from "@bookproof/proto/booking";
import { parseRequest } from "@bookproof/service";
import { z } from "zod";
import type { Deps } from "../deps.ts";
import type { Attempt } from "../queries/attempts.ts";
import { retryDeadlock } from "../queries/retry-deadlock.ts";
import { attemptLogFields } from "../saga/attempt-log-fields.ts";
import { type BegunAttempt, beginAttempt, type ConfirmCommand } from "../saga/begin-attempt.ts";
import { carryOutAttempt } from "../saga/carry-out-attempt.ts";
import { isTakenInCalendar } from "../saga/look-before-confirm.ts";

const schema = z.object({
  tenantId: z.guid(),
  holdId: z.guid(),
  cid: z.string().min(1),
  conversationId: z.string(),
  messageSid: z.string(),
  customer: z.object({
    name: z.string().max(200),
    phone: z.string().regex(/^\+\d{7,15}$/, "must be E.164"),
    email: z.string(),
  }),
  address: z.string().max(500),
  notAfter: z.date().optional(),
  businessPhone: z.string(),
  bookingSource: z.enum(["sms", "phone_ai", "web", "manual", "import"]),
});

/** Carries out one CONFIRM: T1, then the calendar, then T2 or F (docs/architecture.md, the saga). */
export const confirmBooking =
  (deps: Deps) =>
  async (request: ConfirmBookingRequest): Promise<ConfirmBookingResponse> => {
    const given = parseRequest(schema, request);
    const command: ConfirmCommand = {
      ...given,
      isTakenInCalendar: await isTakenInCalendar(deps, given.tenantId, given.holdId),
      notAfter: request.notAfter,
      contactId: "",
      otpVerified: false,
    };
    await traceConfirm(deps, command, "received");
    return traceFailure(deps, command, async () => {
      const begun = await retryDeadlock(() =>
        withTenant(deps.pool, command.tenantId, (client) => beginAttempt(deps, client, command)),
      );
      return finishConfirm(deps, command, begun);
    });
  };

/** Seed 001, step 4: whatever is thrown leaves a row and the line that is never gated. */
export async function traceFailure<T>(deps: Deps, command: ConfirmCommand, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { tenantId, cid, holdId, messageSid, conversationId } = command;
    const { phone } = command.customer;
    const reason = reasonOf(error);
    const convId = conversationId || undefined;
    deps.log.failure(
      cid,
      "BOOKING_CREATE_FAILED",
      { phone, messageSid: messageSid || undefined, convId, holdId, reason },
      error,
    );
    await deps.traceSmsFlow({
      tenantId,
      cid,
      from: phone,
      direction: "internal",
      stage: "FAILED",
      reason,
      payload: { holdId },
    });
    throw error;
  }
}

/** A step of one CONFIRM, logged and traced. */
export async function traceConfirm(
  deps: Deps,
  command: ConfirmCommand,
  reason: "received" | "slot_taken",
): Promise<void> {
  const { tenantId, cid, holdId } = command;
  const { phone } = command.customer;
  if (reason === "received")
    deps.log.step(cid, "BOOKING_CONFIRM_RECEIVED", {
      phone,
      messageSid: command.messageSid || undefined,
      convId: command.conversationId || undefined,
      holdId,
    });
  const trace = { tenantId, cid, from: phone, direction: "internal", stage: "CONFIRM" } as const;
  await deps.traceSmsFlow({ ...trace, reason, payload: { holdId } });
}

/** What follows T1: the calendar, then T2 or F; a recorded attempt answers as it stands. */
export async function finishConfirm(
  deps: Deps,
  command: ConfirmCommand,
  begun: BegunAttempt,
): Promise<ConfirmBookingResponse> {
  if (begun.kind === "slot_taken") {
    await traceConfirm(deps, command, "slot_taken");
    return slotTaken;
  }
  if (begun.kind === "recorded") return toConfirmResponse(begun.attempt);
  deps.log.step(command.cid, "BOOKING_CREATE_START", attemptLogFields(begun.attempt));
  return toConfirmResponse(await carryOutAttempt(deps, command.tenantId, begun.attempt));
}

const slotTaken: ConfirmBookingResponse = {
  status: AttemptStatus.ATTEMPT_STATUS_SLOT_TAKEN,
  attemptId: "",
  appointmentId: "",
  calendarEventId: "",
  reason: "slot_already_held",
};

const statusOf = {
  started: AttemptStatus.ATTEMPT_STATUS_RUNNING,
  confirmed: AttemptStatus.ATTEMPT_STATUS_CONFIRMED,
  failed: AttemptStatus.ATTEMPT_STATUS_FAILED,
} as const;

/** How an attempt stands, as callers see it. */
export function toConfirmResponse(attempt: Attempt): ConfirmBookingResponse {
  return {
    status: statusOf[attempt.status],
    attemptId: attempt.id,
    appointmentId: attempt.appointmentId,
    calendarEventId: attempt.status === "confirmed" ? attempt.calendarEventId : "",
    reason: attempt.reason,
  };
}
