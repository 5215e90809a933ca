import { withTenant } from "@bookproof/postgres";
import { type GetBookingProofRequest, type GetBookingProofResponse, ProofStatus } from "@bookproof/proto/booking";
import { parseRequest } from "@bookproof/service";
import { z } from "zod";
import type { Deps } from "../deps.ts";
import { proofStatus } from "../domain/proof-status.ts";
import { type AppointmentWithStatus, selectAppointment } from "../queries/appointments.ts";
import { type Attempt, selectAttempt, selectAttemptOfAppointment } from "../queries/attempts.ts";

const schema = z.object({
  tenantId: z.guid(),
  subject: z.discriminatedUnion("$case", [
    z.object({ $case: z.literal("appointmentId"), value: z.guid() }),
    z.object({ $case: z.literal("attemptId"), value: z.guid() }),
  ]),
});

const statusOf = {
  proven: ProofStatus.PROOF_STATUS_PROVEN,
  running: ProofStatus.PROOF_STATUS_RUNNING,
  no_calendar_event: ProofStatus.PROOF_STATUS_NO_CALENDAR_EVENT,
  not_booked: ProofStatus.PROOF_STATUS_NOT_BOOKED,
  cancelled: ProofStatus.PROOF_STATUS_CANCELLED,
} as const;

/** P1: whether an appointment may be called booked, read from its row at this moment. */
export const getBookingProof =
  (deps: Deps) =>
  async (request: GetBookingProofRequest): Promise<GetBookingProofResponse> => {
    const { tenantId, subject } = parseRequest(schema, request);
    return withTenant(deps.pool, tenantId, async (client) => {
      const isOfAttempt = subject.$case === "attemptId";
      const attempt = isOfAttempt
        ? await selectAttempt(client, tenantId, subject.value)
        : await selectAttemptOfAppointment(client, tenantId, subject.value);
      const appointmentId = isOfAttempt ? attempt?.appointmentId : subject.value;
      const appointment = appointmentId ? await selectAppointment(client, tenantId, appointmentId) : undefined;
      const status = proofStatus({
        appointment: appointment && {
          status: appointment.status,
          calendarEventId: appointment.summary.calendarEventId,
          drift: appointment.drift,
        },
        attemptRunning: attempt?.status === "started" && (isOfAttempt || attempt.kind === "book"),
        change: isOfAttempt && attempt ? changeOf(attempt, appointment) : undefined,
      });
      return { status: statusOf[status], appointment: appointment?.summary };
    });
  };

/** An attempt's own end; a move is said only while the appointment is where it was moved to. */
function changeOf({ kind, status, snapshot }: Attempt, appointment: AppointmentWithStatus | undefined) {
  const isAsBooked = appointment?.summary.start?.getTime() === Date.parse(snapshot.start);
  return { kind, isConfirmed: status === "confirmed", isAsBooked };
}
