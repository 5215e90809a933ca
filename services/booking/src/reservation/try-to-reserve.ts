import { deterministicUuid, type Queryable, withTenant } from "@bookproof/postgres";
import type { Offering } from "@bookproof/proto/booking";
import type { Logger } from "@bookproof/service";
import type { Deps } from "../deps.ts";
import { countCallerHolds, lockCallerHolds, setHoldCustomer } from "../queries/caller-holds.ts";
import { claimSlotAtomic, releaseHeldSlot } from "../queries/holds.ts";
import { retryDeadlock } from "../queries/retry-deadlock.ts";
import { contactOf } from "./customer-contact.ts";

/** One reservation, checked: the slot is open as far as could be seen. */
export interface Reservation {
  tenantId: string;
  /** The same when the same caller asks again. */
  callKey: string;
  /** In a call a newly won slot gives the earlier ones back; without a call nothing shows that they are not wanted too. */
  isCall: boolean;
  offering: Offering;
  calendarId: string;
  start: Date;
  holdMinutes: number;
  /** Phone E.164; phone or e-mail is given. */
  customer: { name: string; phone: string; email: string };
  bookingSource: string;
}

export interface Reserved {
  holdId: string;
  expiresAt: Date;
  contactId: string;
}

/** Holds the slot for its caller, or gives undefined when somebody else has it. */
export async function tryToReserve(deps: Deps, reservation: Reservation): Promise<Reserved | undefined> {
  try {
    return await retryDeadlock(() =>
      withTenant(deps.pool, reservation.tenantId, (client) => reserveInTransaction(client, deps.logger, reservation)),
    );
  } catch (error) {
    if (error instanceof SlotLost) return undefined;
    throw error;
  }
}

/** Thrown to roll back, so that the caller's earlier hold stays when the new slot is lost. */
class SlotLost extends Error {}

/**
 * Wins the slot or throws SlotLost. The same caller's live hold of it is answered again; a call's other live holds are given
 * back, since a caller wants one time.
 */
async function reserveInTransaction(client: Queryable, logger: Logger, reservation: Reservation): Promise<Reserved> {
  const { tenantId, callKey, offering, calendarId, start } = reservation;
  const live = await lockCallerHolds(client, tenantId, callKey);
  const same = live.find(
    (hold) =>
      hold.calendarId === calendarId && hold.offeringId === offering.id && hold.start.getTime() === start.getTime(),
  );
  if (same?.status === "confirmed") return { holdId: same.id, expiresAt: same.expiresAt, contactId: same.contactId };
  const { holdId, expiresAt } = same ? { holdId: same.id, expiresAt: same.expiresAt } : await claim();
  const contactId = await contactOf(client, logger, {
    ...reservation.customer,
    tenantId,
    bookingSource: reservation.bookingSource,
    holdId,
  });
  const { bookingSource } = reservation;
  await setHoldCustomer(client, tenantId, holdId, { ...reservation.customer, contactId, bookingSource });
  return { holdId, expiresAt, contactId };

  async function claim(): Promise<{ holdId: string; expiresAt: Date }> {
    for (const hold of reservation.isCall ? live : []) await releaseHeldSlot(client, tenantId, hold.id);
    const generation = await countCallerHolds(client, tenantId, {
      callKey,
      calendarId,
      offeringId: offering.id,
      start,
    });
    const slot = [calendarId, start.toISOString(), offering.id];
    const newHoldId = deterministicUuid("voice-hold", tenantId, callKey, ...slot, String(generation));
    const answer = await claimSlotAtomic(client, {
      ...reservation,
      holdId: newHoldId,
      offeringId: offering.id,
      callSid: callKey,
      customerName: reservation.customer.name,
      customerPhone: reservation.customer.phone,
      durationMinutes: offering.durationMinutes,
      bufferBeforeMinutes: offering.bufferBeforeMinutes,
      bufferAfterMinutes: offering.bufferAfterMinutes,
    });
    if (!answer.success || !answer.expires_at) throw new SlotLost();
    return { holdId: newHoldId, expiresAt: new Date(answer.expires_at) };
  }
}
