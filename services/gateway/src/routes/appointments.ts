import { BookproofError, reasonRow } from "@bookproof/errors";
import { type AppointmentSummary, AttemptStatus, type MoveAppointmentResponse } from "@bookproof/proto/booking";
import { parseRequest } from "@bookproof/service";
import { runWithCid } from "@bookproof/telemetry";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { Deps } from "../deps.ts";
import { oneTenant } from "../domain/principal.ts";
import { principalOf } from "./authenticate.ts";

const instant = z.iso
  .datetime({ offset: true, error: "must be RFC 3339, e.g. 2026-12-24T14:00:00-05:00" })
  .transform((text) => new Date(text));
const tenantId = z.guid("must be a UUID").toLowerCase().optional();
const dayMs = 24 * 60 * 60_000;
const query = z.object({
  tenantId,
  from: instant.optional(),
  to: instant.optional(),
  calendar: z.string().max(200).default(""),
  phone: z.string().max(50).default(""),
  limit: z.coerce.number("must be a number").int().min(1).max(500, "must be 500 at most").default(100),
});
const actionId = z.guid("must be a UUID").optional();
const cancelBody = z.object({ tenantId, actionId }, "must be a JSON object");
const moveBody = z.object(
  { tenantId, actionId, start: instant, calendar: z.string().max(200).default("") },
  "must be a JSON object",
);
const params = z.object({ id: z.guid("must be a UUID") });
/** An attempt's deadline, and a little for what is around it. */
const changeMs = 10_000;

/** Appointments as their owner sees and changes them: the same saga, the same proof as by text. */
export const appointmentRoutes = (deps: Deps) => async (app: FastifyInstance) => {
  app.get("/api/appointments", async (request) => {
    const { from = new Date(), to, ...wanted } = parseRequest(query, request.query);
    const scope = oneTenant(principalOf(request), wanted.tenantId);
    const range = { from, to: to ?? new Date(from.getTime() + 30 * dayMs) };
    const { calendar: calendarId, phone: customerPhone, limit } = wanted;
    const { appointments } = await deps.booking.listAppointments({
      ...{ tenantId: scope, range, calendarId, customerPhone, limit },
    });
    return {
      appointments: appointments.map(({ appointment, status, drift, verifiedAt }) => ({
        ...showAppointment(appointment),
        ...{ status, drift, verifiedAt: verifiedAt?.toISOString() ?? null },
      })),
    };
  });

  app.post("/api/appointments/:id/cancel", async (request) => {
    const { id: appointmentId } = parseRequest(params, request.params);
    const body = parseRequest(cancelBody, request.body ?? {});
    const scope = oneTenant(principalOf(request), body.tenantId);
    const cid = crypto.randomUUID();
    const action = body.actionId ?? crypto.randomUUID();
    const change = { ...ownersChange(scope, appointmentId, cid), actionId: action };
    return runWithCid(cid, async () =>
      showChange(await deps.booking.cancelAppointment(change, { deadline: changeMs, retry: false })),
    );
  });

  app.post("/api/appointments/:id/move", async (request) => {
    const { id: appointmentId } = parseRequest(params, request.params);
    const body = parseRequest(moveBody, request.body ?? {});
    const scope = oneTenant(principalOf(request), body.tenantId);
    const cid = crypto.randomUUID();
    return runWithCid(cid, async () => {
      const move = { tenantId: scope, appointmentId, holdId: body.actionId ?? crypto.randomUUID() };
      await claimFor(deps, { ...move, start: body.start, calendarId: body.calendar });
      const change = { ...ownersChange(scope, appointmentId, cid), holdId: move.holdId };
      return showChange(await deps.booking.moveAppointment(change, { deadline: changeMs, retry: false }));
    });
  });
};

/** The slot that an appointment is to move to. @throws BookproofError `slot_already_held` where somebody else has it */
async function claimFor(
  deps: Deps,
  move: { tenantId: string; appointmentId: string; holdId: string; start: Date; calendarId: string },
): Promise<void> {
  const { tenantId: tenant, appointmentId, holdId, start, calendarId } = move;
  const claim = { tenantId: tenant, appointmentId, holdId, start, calendarId, callSid: "", customerPhone: "" };
  const { success } = await deps.booking.claimMoveSlot(claim);
  if (!success) throw new BookproofError("slot_already_held", "That time is taken: nothing was changed.");
}

const ownersChange = (tenant: string, appointmentId: string, cid: string) => ({
  ...{ tenantId: tenant, appointmentId, cid, conversationId: "", messageSid: "", customerPhone: "", businessPhone: "" },
  notAfter: undefined,
});

/** What became of it, in the API's words; a failure is a BookproofError with the appointment as it was. */
function showChange({ status, appointment, reason, attemptId }: MoveAppointmentResponse) {
  if (status === AttemptStatus.ATTEMPT_STATUS_CONFIRMED)
    return { status: "confirmed", attemptId, appointment: showAppointment(appointment) };
  if (status === AttemptStatus.ATTEMPT_STATUS_RUNNING)
    return { status: "running", attemptId, appointment: showAppointment(appointment) };
  if (status === AttemptStatus.ATTEMPT_STATUS_SLOT_TAKEN)
    throw new BookproofError("slot_already_held", "That time is taken: nothing was changed.");
  const says = reasonRow(reason)?.says ?? "It could not be done.";
  throw new BookproofError("calendar_refused", `${says} The owner has been alerted.`);
}

function showAppointment(appointment: AppointmentSummary | undefined) {
  return {
    id: appointment?.appointmentId ?? "",
    start: appointment?.start?.toISOString() ?? null,
    end: appointment?.end?.toISOString() ?? null,
    offering: appointment?.offeringName ?? "",
    calendar: appointment?.calendarId ?? "",
    calendarName: appointment?.calendarName ?? "",
    eventId: appointment?.calendarEventId ?? "",
    address: appointment?.address ?? "",
    customerName: appointment?.customerName ?? "",
    customerPhone: appointment?.customerPhone ?? "",
    customerEmail: appointment?.customerEmail ?? "",
    source: appointment?.bookingSource ?? "",
  };
}
