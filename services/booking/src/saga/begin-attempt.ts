import { BookproofError } from "@bookproof/errors";
import { attemptIdOf, deterministicUuid, enqueue, type Queryable } from "@bookproof/postgres";
import { markSpan } from "@bookproof/telemetry";
import type { Deps } from "../deps.ts";
import { settleAttempt } from "../jobs/definitions.ts";
import { insertPendingAppointment } from "../queries/appointments.ts";
import { type Attempt, insertAttempt, selectAttempt } from "../queries/attempts.ts";
import { upsertContactByPhone } from "../queries/contacts.ts";
import { extendHold, type Hold, lockHold, reclaimHold, releaseHeldSlot } from "../queries/holds.ts";
import { selectTenant } from "../queries/tenants.ts";

/** One CONFIRM, checked at the edge. Phone E.164. */
export interface ConfirmCommand {
  tenantId: string;
  holdId: string;
  cid: string;
  conversationId: string;
  messageSid: string;
  /** A phone, or where the customer has none, an e-mail. */
  customer: { name: string; phone: string; email: string };
  /** The customer's contact where it is known already; empty means by phone. */
  contactId: string;
  /** Whether the customer has proven by a code that they can be reached. */
  otpVerified: boolean;
  address: string;
  notAfter: Date | undefined;
  /** Whether the calendar, asked just now, shows something else there. */
  isTakenInCalendar: boolean;
  bookingSource: string;
  /** The number the customer wrote to; empty means the tenant's first. */
  businessPhone: string;
}

export type BegunAttempt = { kind: "begun" | "recorded"; attempt: Attempt } | { kind: "slot_taken" };

const slack = 5 * 60_000;

/**
 * T1: from here on the attempt ends, whatever crashes, because `settle_attempt` waits in the same transaction.
 * The same hold is the same attempt: `recorded` is one that was begun before.
 */
export async function beginAttempt(deps: Deps, client: Queryable, command: ConfirmCommand): Promise<BegunAttempt> {
  const { tenantId, holdId } = command;
  const attemptId = attemptIdOf(tenantId, holdId);
  markSpan({ attemptId, conversationId: command.conversationId });
  const hold = await lockHold(client, tenantId, holdId);
  if (!hold || hold.customerPhone !== command.customer.phone || hold.movesAppointmentId)
    throw new BookproofError("hold_not_found");
  const recorded = await selectAttempt(client, tenantId, attemptId);
  if (recorded) return { kind: "recorded", attempt: recorded };
  if (hold.bookingSource === "phone_ai" && !command.otpVerified)
    throw new BookproofError("permission_denied", "A caller's hold is confirmed by its code alone.");
  if (command.notAfter && command.notAfter.getTime() < Date.now()) throw new BookproofError("too_late");
  const gone = hold.start.getTime() <= Date.now();
  if (gone || !(await reclaimHold(client, tenantId, holdId))) return { kind: "slot_taken" };
  if (command.isTakenInCalendar) {
    await releaseHeldSlot(client, tenantId, holdId);
    return { kind: "slot_taken" };
  }

  const { attemptDeadlineMs } = deps.config.saga;
  await extendHold(client, tenantId, holdId, attemptDeadlineMs + slack);
  const attempt = await startAttempt(client, { command, hold, attemptId, attemptDeadlineMs });
  await enqueue(
    client,
    settleAttempt,
    { tenantId, attemptId },
    { delayMs: attemptDeadlineMs, key: `settle:${attemptId}` },
  );
  return { kind: "begun", attempt };
}

async function startAttempt(
  client: Queryable,
  options: { command: ConfirmCommand; hold: Hold; attemptId: string; attemptDeadlineMs: number },
): Promise<Attempt> {
  const { command, hold, attemptId } = options;
  const { tenantId, holdId, customer, address } = command;
  const known = await selectTenant(client, tenantId);
  const offering = known?.tenant.offerings.find((candidate) => candidate.id === hold.offeringId);
  if (!known || !offering) throw new BookproofError("offering_not_found");
  const { phone, name, email } = customer;
  const { bookingSource, otpVerified } = command;
  const contactId =
    command.contactId || (await upsertContactByPhone(client, { tenantId, phone, name, email, bookingSource, holdId }));
  const appointmentId = deterministicUuid("appointment", tenantId, holdId);
  await insertPendingAppointment(client, tenantId, {
    id: appointmentId,
    contactId,
    offeringId: offering.id,
    calendarId: hold.calendarId,
    start: hold.start,
    durationMinutes: hold.durationMinutes,
    address,
    holdId,
    bookingSource,
    otpVerified,
  });
  return insertAttempt(
    client,
    tenantId,
    {
      id: attemptId,
      holdId,
      appointmentId,
      kind: "book",
      cid: command.cid,
      conversationId: command.conversationId,
      messageSid: command.messageSid,
      snapshot: {
        offeringId: offering.id,
        offeringName: offering.name,
        calendarId: hold.calendarId,
        calendarName: known.calendarNames[hold.calendarId] ?? "",
        start: hold.start.toISOString(),
        durationMinutes: hold.durationMinutes,
        address,
        customerName: name,
        customerPhone: phone,
        customerEmail: email,
        contactId,
        tenantName: known.tenant.name,
        businessPhone: command.businessPhone,
        bookingSource,
      },
      // Google accepts a–v and 0–9: the hexadecimal digits of the attempt.
      calendarEventId: attemptId.replaceAll("-", ""),
    },
    options.attemptDeadlineMs,
  );
}
