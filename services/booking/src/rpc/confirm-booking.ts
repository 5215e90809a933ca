import { reasonOf } from "@bookproof/errors";
import { withTenant } from "@bookproof/postgres";
import { AttemptStatus, type ConfirmBookingRequest, type ConfirmBookingResponse } from "@bookproof/proto/booking";
import { parseRequest } from "@bookproof/service";
import { z } from "zod";
import type { Deps } from "../deps.ts";
import type { Attempt } from "../queries/attempts.ts";
import { attemptLogFields } from "../saga/attempt-log-fields.ts";
import { beginAttempt, type ConfirmCommand } from "../saga/begin-attempt.ts";
import { carryOutAttempt } from "../saga/carry-out-attempt.ts";

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
    const command: ConfirmCommand = { ...parseRequest(schema, request), notAfter: request.notAfter };
    const { tenantId, cid, holdId } = command;
    const logged = {
      phone: command.customer.phone,
      messageSid: command.messageSid || undefined,
      convId: command.conversationId || undefined,
      holdId,
    };
    const trace = { tenantId, cid, from: command.customer.phone, direction: "internal" } as const;
    deps.log.step(cid, "BOOKING_CONFIRM_RECEIVED", logged);
    await deps.traceSmsFlow({ ...trace, stage: "CONFIRM", reason: "received", payload: { holdId } });
    try {
      const begun = await withTenant(deps.pool, tenantId, (client) => beginAttempt(deps, client, command));
      if (begun.kind === "slot_taken") {
        await deps.traceSmsFlow({ ...trace, stage: "CONFIRM", reason: "slot_taken", payload: { holdId } });
        return slotTaken;
      }
      if (begun.kind === "recorded") return toResponse(begun.attempt);
      deps.log.step(cid, "BOOKING_CREATE_START", attemptLogFields(begun.attempt));
      return toResponse(await carryOutAttempt(deps, tenantId, begun.attempt));
    } catch (error) {
      const reason = reasonOf(error);
      deps.log.failure(cid, "BOOKING_CREATE_FAILED", { ...logged, reason }, error);
      await deps.traceSmsFlow({ ...trace, stage: "FAILED", reason, payload: { holdId } });
      throw error;
    }
  };

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

function toResponse(attempt: Attempt): ConfirmBookingResponse {
  return {
    status: statusOf[attempt.status],
    attemptId: attempt.id,
    appointmentId: attempt.appointmentId,
    calendarEventId: attempt.status === "confirmed" ? attempt.calendarEventId : "",
    reason: attempt.reason,
  };
}
