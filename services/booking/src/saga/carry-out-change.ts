import { reasonOf } from "@bookproof/errors";
import { withTenant } from "@bookproof/postgres";
import { AttemptStatus, type MoveAppointmentResponse } from "@bookproof/proto/booking";
import { z } from "zod";
import type { Deps } from "../deps.ts";
import { selectAppointment } from "../queries/appointments.ts";
import { retryDeadlock } from "../queries/retry-deadlock.ts";
import { attemptLogFields } from "./attempt-log-fields.ts";
import type { BegunAttempt } from "./begin-attempt.ts";
import { beginChange, type ChangeCommand } from "./begin-change.ts";
import { carryOutAttempt } from "./carry-out-attempt.ts";

/** What moving and cancelling have in common, as callers give it. */
export const changeFields = z.object({
  tenantId: z.guid(),
  appointmentId: z.guid(),
  cid: z.string().min(1),
  conversationId: z.string(),
  messageSid: z.string(),
  customerPhone: z.union([z.string().regex(/^\+\d{7,15}$/, "must be E.164"), z.literal("")]),
  businessPhone: z.string(),
  notAfter: z.date().optional(),
});

/** Carries out one change of an appointment: T1, then the calendar, then T2 or F; a recorded attempt answers as it stands. */
export async function carryOutChange(deps: Deps, command: ChangeCommand): Promise<MoveAppointmentResponse> {
  const { tenantId, cid, appointmentId, change, customerPhone } = command;
  const wanted = change.kind === "move" ? "move" : "cancel";
  const trace = { tenantId, cid, from: customerPhone, direction: "internal" } as const;
  deps.log.step(cid, "APPOINTMENT_CHANGE_RECEIVED", { appointmentId, change: wanted, phone: customerPhone });
  await deps.traceSmsFlow({ ...trace, stage: "CONFIRM", reason: `${wanted}_received`, payload: { appointmentId } });
  let begun: BegunAttempt;
  try {
    begun = await retryDeadlock(() => withTenant(deps.pool, tenantId, (client) => beginChange(deps, client, command)));
  } catch (error) {
    const reason = reasonOf(error);
    deps.log.failure(cid, "APPOINTMENT_CHANGE_FAILED", { appointmentId, change: wanted, reason }, error);
    await deps.traceSmsFlow({ ...trace, stage: "FAILED", reason, payload: { appointmentId } });
    throw error;
  }
  return answer(deps, command, begun);
}

async function answer(deps: Deps, command: ChangeCommand, begun: BegunAttempt): Promise<MoveAppointmentResponse> {
  const { tenantId, appointmentId } = command;
  if (begun.kind === "slot_taken") {
    const appointment = await readAppointment(deps, tenantId, appointmentId);
    const status = AttemptStatus.ATTEMPT_STATUS_SLOT_TAKEN;
    return { status, attemptId: "", appointment, reason: "slot_already_held" };
  }
  if (begun.kind === "begun") deps.log.step(command.cid, "APPOINTMENT_CHANGE_START", attemptLogFields(begun.attempt));
  const attempt = begun.kind === "begun" ? await carryOutAttempt(deps, tenantId, begun.attempt) : begun.attempt;
  const appointment = await readAppointment(deps, tenantId, appointmentId);
  return { status: statusOf[attempt.status], attemptId: attempt.id, appointment, reason: attempt.reason };
}

const statusOf = {
  started: AttemptStatus.ATTEMPT_STATUS_RUNNING,
  confirmed: AttemptStatus.ATTEMPT_STATUS_CONFIRMED,
  failed: AttemptStatus.ATTEMPT_STATUS_FAILED,
} as const;

const readAppointment = async (deps: Deps, tenantId: string, appointmentId: string) =>
  (await withTenant(deps.pool, tenantId, (client) => selectAppointment(client, tenantId, appointmentId)))?.summary;
