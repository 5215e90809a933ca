import { BookproofError } from "@bookproof/errors";
import { deterministicUuid, enqueue, type Queryable } from "@bookproof/postgres";
import { markSpan } from "@bookproof/telemetry";
import type { Deps } from "../deps.ts";
import { settleAttempt } from "../jobs/definitions.ts";
import { type ChangingAppointment, hasStartedAttempt, lockAppointment } from "../queries/appointment-changes.ts";
import { type Attempt, insertAttempt, type Snapshot, selectAttempt } from "../queries/attempts.ts";
import { extendHold, type Hold, lockHold, reclaimHold } from "../queries/holds.ts";
import { type KnownTenant, selectTenant } from "../queries/tenants.ts";
import type { BegunAttempt } from "./begin-attempt.ts";

/** One CONFIRM of a move or a cancellation, checked at the edge. Phones E.164. */
export interface ChangeCommand {
  tenantId: string;
  appointmentId: string;
  cid: string;
  conversationId: string;
  messageSid: string;
  /** Must be the appointment's customer; empty for the owner, who may change any. */
  customerPhone: string;
  businessPhone: string;
  notAfter?: Date | undefined;
  /** The slot to move to, or the action that cancels: the same one is the same attempt. */
  change: { kind: "move"; holdId: string } | { kind: "cancel"; actionId: string };
}

const slack = 5 * 60_000;

/** T1 of a change: from here on it ends, whatever crashes, as a booking's attempt does. */
export async function beginChange(deps: Deps, client: Queryable, command: ChangeCommand): Promise<BegunAttempt> {
  const { tenantId, appointmentId, change, customerPhone } = command;
  const attemptId = changeAttemptId(command);
  markSpan({ attemptId, conversationId: command.conversationId });
  const appointment = await lockAppointment(client, tenantId, appointmentId);
  if (!appointment || (customerPhone && appointment.customerPhone !== customerPhone))
    throw new BookproofError("appointment_not_found");
  const recorded = await selectAttempt(client, tenantId, attemptId);
  if (recorded) return { kind: "recorded", attempt: recorded };
  if (appointment.status !== "confirmed") throw new BookproofError("appointment_not_confirmed");
  if (appointment.drift === "uncertain" || (await hasStartedAttempt(client, tenantId, appointmentId)))
    throw new BookproofError("appointment_changing");
  if (command.notAfter && command.notAfter.getTime() < Date.now()) throw new BookproofError("too_late");
  const hold = change.kind === "move" ? await takeNewSlot(deps, client, command, change.holdId) : undefined;
  if (hold === "slot_taken") return { kind: "slot_taken" };

  const { attemptDeadlineMs } = deps.config.saga;
  const attempt = await startChange(client, { command, appointment, hold, attemptId, attemptDeadlineMs });
  const options = { delayMs: attemptDeadlineMs, key: `settle:${attemptId}` };
  await enqueue(client, settleAttempt, { tenantId, attemptId }, options);
  return { kind: "begun", attempt };
}

function changeAttemptId({ tenantId, appointmentId, change }: ChangeCommand): string {
  const action = change.kind === "move" ? change.holdId : change.actionId;
  return deterministicUuid(change.kind, tenantId, appointmentId, action);
}

/** The new slot first: the old one stays the customer's until the new one is proven. */
async function takeNewSlot(
  deps: Deps,
  client: Queryable,
  { tenantId, appointmentId }: ChangeCommand,
  holdId: string,
): Promise<Hold | "slot_taken"> {
  const hold = await lockHold(client, tenantId, holdId);
  if (hold?.movesAppointmentId !== appointmentId) throw new BookproofError("hold_not_found");
  const gone = hold.start.getTime() <= Date.now();
  if (gone || !(await reclaimHold(client, tenantId, holdId))) return "slot_taken";
  await extendHold(client, tenantId, holdId, deps.config.saga.attemptDeadlineMs + slack);
  return hold;
}

async function startChange(
  client: Queryable,
  options: {
    command: ChangeCommand;
    appointment: ChangingAppointment;
    hold: Hold | undefined;
    attemptId: string;
    attemptDeadlineMs: number;
  },
): Promise<Attempt> {
  const { command, appointment, hold, attemptId } = options;
  const { tenantId, cid, conversationId, messageSid } = command;
  const known = await selectTenant(client, tenantId);
  if (!known) throw new BookproofError("tenant_not_found");
  const staysOnCalendar = !hold || hold.calendarId === appointment.was.calendarId;
  return insertAttempt(
    client,
    tenantId,
    {
      ...{ id: attemptId, appointmentId: appointment.id, kind: command.change.kind, cid, conversationId, messageSid },
      holdId: hold?.id ?? appointment.was.holdId,
      snapshot: snapshotOf(known, command, appointment, hold),
      calendarEventId: staysOnCalendar ? appointment.was.calendarEventId : attemptId.replaceAll("-", ""),
    },
    options.attemptDeadlineMs,
  );
}

function snapshotOf(
  { tenant, calendarNames }: KnownTenant,
  command: ChangeCommand,
  appointment: ChangingAppointment,
  hold: Hold | undefined,
): Snapshot {
  const { was, offeringId, address, customerName, customerPhone, customerEmail, contactId, bookingSource } =
    appointment;
  const calendarId = hold?.calendarId ?? was.calendarId;
  return {
    ...{ offeringId, address, customerName, customerPhone, customerEmail, contactId, bookingSource, was, calendarId },
    offeringName: tenant.offerings.find(({ id }) => id === offeringId)?.name ?? offeringId,
    calendarName: calendarNames[calendarId] ?? "",
    start: hold?.start.toISOString() ?? was.start,
    durationMinutes: hold?.durationMinutes ?? was.durationMinutes,
    tenantName: tenant.name,
    businessPhone: command.businessPhone,
  };
}
