import { deterministicUuid, type Queryable, withTenant } from "@bookproof/postgres";
import type { Offering } from "@bookproof/proto/booking";
import type { Logger } from "@bookproof/service";
import type { Deps } from "../deps.ts";
import { lockAssignment } from "../queries/assign-calendar.ts";
import { countCallerHolds, lockCallerHolds, setHoldCustomer } from "../queries/caller-holds.ts";
import { releaseHeldSlot } from "../queries/holds.ts";
import { retryDeadlock } from "../queries/retry-deadlock.ts";
import { claimPlace, type Place } from "./claim-calendar.ts";
import { contactOf } from "./customer-contact.ts";

/** One reservation, checked: the slot is open as far as could be seen. */
export interface Reservation {
  tenantId: string;
  /** The same when the same caller asks again. */
  callKey: string;
  /** In a call a newly won slot gives the earlier ones back; without a call nothing shows that they are not wanted too. */
  isCall: boolean;
  offering: Offering;
  place: Place;
  start: Date;
  /** The tenant's, IANA. */
  timeZone: string;
  holdMinutes: number;
  /** Phone E.164; phone or e-mail is given. */
  customer: { name: string; phone: string; email: string };
  bookingSource: string;
}

export interface Reserved {
  holdId: string;
  calendarId: string;
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
  const { tenantId, callKey, offering, place, start } = reservation;
  const calendarIds = "calendarId" in place ? [place.calendarId] : offering.calendarIds;
  if ("anyOf" in place) await lockAssignment(client, tenantId);
  const live = await lockCallerHolds(client, tenantId, callKey);
  const same = live.find(
    (hold) =>
      calendarIds.includes(hold.calendarId) &&
      hold.offeringId === offering.id &&
      hold.start.getTime() === start.getTime(),
  );
  if (same?.status === "confirmed") {
    const { id: holdId, calendarId, expiresAt, contactId } = same;
    return { holdId, calendarId, expiresAt, contactId };
  }
  const { holdId, calendarId, expiresAt } = same ? { ...same, holdId: same.id } : await claim();
  const contactId = await contactOf(client, logger, {
    ...reservation.customer,
    tenantId,
    bookingSource: reservation.bookingSource,
    holdId,
  });
  const { bookingSource } = reservation;
  await setHoldCustomer(client, tenantId, holdId, { ...reservation.customer, contactId, bookingSource });
  return { holdId, calendarId, expiresAt, contactId };

  async function claim(): Promise<{ holdId: string; calendarId: string; expiresAt: Date }> {
    for (const hold of reservation.isCall ? live : []) await releaseHeldSlot(client, tenantId, hold.id);
    const asked = { callKey, calendarIds, offeringId: offering.id, start };
    const generation = await countCallerHolds(client, tenantId, asked);
    const named = "calendarId" in place ? place.calendarId : "";
    const slot = [named, start.toISOString(), offering.id];
    const newHoldId = deterministicUuid("voice-hold", tenantId, callKey, ...slot, String(generation));
    const { name: customerName, phone: customerPhone } = reservation.customer;
    const claimed = { ...reservation, holdId: newHoldId, callSid: callKey, customerName, customerPhone };
    const won = await claimPlace(client, claimed, place);
    if (!won) throw new SlotLost();
    return { holdId: newHoldId, ...won };
  }
}
