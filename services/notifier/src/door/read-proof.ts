import { hasReason } from "@bookproof/errors";
import { type AppointmentSummary, type GetBookingProofRequest, ProofStatus } from "@bookproof/proto/booking";
import type { Deps } from "../deps.ts";

/** What booking says of an appointment at this moment; `unreadable` is not absent: booking could not be asked. */
export type Proof =
  | { status: "proven" | "cancelled"; appointment: AppointmentSummary }
  | {
      status: "running" | "no_calendar_event" | "not_booked" | "unreadable";
      appointment: AppointmentSummary | undefined;
    };

/** Reads the proof of an appointment. Whatever is not exactly a proof is none (P1). */
export function readProof(deps: Deps, tenantId: string, appointmentId: string): Promise<Proof> {
  return read(deps, tenantId, { $case: "appointmentId", value: appointmentId });
}

/** The same of an attempt: of the appointment that it was to make, or of the change. `cancelled` is the proof of a cancellation alone. */
export function readProofOfAttempt(deps: Deps, tenantId: string, attemptId: string): Promise<Proof> {
  return read(deps, tenantId, { $case: "attemptId", value: attemptId });
}

async function read(
  deps: Deps,
  tenantId: string,
  subject: NonNullable<GetBookingProofRequest["subject"]>,
): Promise<Proof> {
  try {
    const { status, appointment } = await deps.booking.getBookingProof(
      { tenantId, subject },
      { deadline: deps.config.times.proofTimeoutMs },
    );
    if (status === ProofStatus.PROOF_STATUS_PROVEN && appointment?.start && appointment.calendarEventId) {
      return { status: "proven", appointment };
    }
    if (status === ProofStatus.PROOF_STATUS_CANCELLED && appointment?.start)
      return { status: "cancelled", appointment };
    if (status === ProofStatus.PROOF_STATUS_RUNNING) return { status: "running", appointment };
    const claimsEvent =
      status === ProofStatus.PROOF_STATUS_PROVEN || status === ProofStatus.PROOF_STATUS_NO_CALENDAR_EVENT;
    return { status: claimsEvent ? "no_calendar_event" : "not_booked", appointment };
  } catch (error) {
    if (hasReason(error, "appointment_not_found", "tenant_not_found"))
      return { status: "not_booked", appointment: undefined };
    deps.logger.warn(
      { err: error, tenantId, of: subject.value },
      "[PROOF_UNREADABLE] booking could not be asked for a proof",
    );
    return { status: "unreadable", appointment: undefined };
  }
}
