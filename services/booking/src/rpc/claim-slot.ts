import { BookproofError } from "@bookproof/errors";
import { type Queryable, withTenant } from "@bookproof/postgres";
import type { ClaimSlotRequest, ClaimSlotResponse, Offering } from "@bookproof/proto/booking";
import { parseRequest } from "@bookproof/service";
import { countHoldConflict } from "@bookproof/telemetry";
import { z } from "zod";
import type { Deps } from "../deps.ts";
import { slotBeside } from "../domain/slot-beside.ts";
import { type ChangingAppointment, lockAppointment, setMovedAppointment } from "../queries/appointment-changes.ts";
import { claimSlotAtomic, lockHold, releaseHeldSlot, selectOwnOverlapping } from "../queries/holds.ts";
import { retryDeadlock } from "../queries/retry-deadlock.ts";
import { selectTenant } from "../queries/tenants.ts";

const schema = z.object({
  tenantId: z.guid(),
  holdId: z.guid(),
  // Both empty only for a move, which is of the appointment's own.
  offeringId: z.string(),
  calendarId: z.string(),
  start: z.date(),
  callSid: z.string(),
  customerName: z.string().max(200),
  customerPhone: z.string(),
  replacesHoldId: z.union([z.guid(), z.literal("")]),
  movesAppointmentId: z.union([z.guid(), z.literal("")]),
});
type Claim = z.infer<typeof schema>;

/** Reserves a slot; gives the customer's earlier hold back only if the new one is won. */
export const claimSlot =
  (deps: Deps) =>
  async (request: ClaimSlotRequest): Promise<ClaimSlotResponse> => {
    const claim = parseRequest(schema, request);
    try {
      return await retryDeadlock(() =>
        withTenant(deps.pool, claim.tenantId, (client) => claimInTransaction(client, claim)),
      );
    } catch (error) {
      if (!(error instanceof SlotLost)) throw error;
      if (error.why === "slot_already_held") countHoldConflict({ reason: error.why });
      return { success: false, holdId: "", expiresAt: undefined, error: "Slot already held" };
    }
  };

/** Thrown to roll back, so that the replaced hold stays when the new slot is lost. */
class SlotLost extends Error {
  readonly why: "slot_already_held" | "too_late";

  constructor(why: SlotLost["why"]) {
    super(why);
    this.why = why;
  }
}

async function claimInTransaction(client: Queryable, asked: Claim): Promise<ClaimSlotResponse> {
  const known = await selectTenant(client, asked.tenantId);
  if (!known) throw new BookproofError("tenant_not_found");
  // The appointment before any hold: so does its change, and neither waits for the other's lock.
  const moved = asked.movesAppointmentId ? await lockMoved(client, asked) : undefined;
  const claim = moved
    ? { ...asked, offeringId: moved.offeringId, calendarId: asked.calendarId || moved.was.calendarId }
    : asked;
  if (moved) refuseSameTime(moved, claim);
  const offering = known.tenant.offerings.find((candidate) => candidate.id === claim.offeringId);
  if (!offering) throw new BookproofError("offering_not_found");
  if (!offering.calendarIds.includes(claim.calendarId)) throw new BookproofError("calendar_not_found");
  if (claim.start.getTime() <= Date.now()) throw new SlotLost("too_late");
  if (claim.replacesHoldId && claim.replacesHoldId !== claim.holdId) {
    const replaced = await lockHold(client, claim.tenantId, claim.replacesHoldId);
    if (replaced?.customerPhone === claim.customerPhone) await releaseHeldSlot(client, claim.tenantId, replaced.id);
  }
  await giveBackOwn(client, claim, offering);
  const answer = await claimSlotAtomic(client, {
    ...claim,
    holdMinutes: known.tenant.bookingRules?.holdMinutes ?? 10,
    ...(moved ? slotBeside(moved.was, claim) : lengthsOf(offering)),
  });
  if (!answer.success || !answer.expires_at) throw new SlotLost("slot_already_held");
  if (moved) await setMovedAppointment(client, claim.tenantId, claim.holdId, moved.id);
  return { success: true, holdId: claim.holdId, expiresAt: new Date(answer.expires_at), error: "" };
}

const lengthsOf = ({ durationMinutes, bufferBeforeMinutes, bufferAfterMinutes }: Offering) => ({
  ...{ durationMinutes, bufferBeforeMinutes, bufferAfterMinutes },
});

/** The appointment that is to move: confirmed, and the customer's own; without a phone it is the owner who asks. */
async function lockMoved(client: Queryable, claim: Claim): Promise<ChangingAppointment> {
  const appointment = await lockAppointment(client, claim.tenantId, claim.movesAppointmentId);
  const isTheirs = !claim.customerPhone || appointment?.customerPhone === claim.customerPhone;
  const isOfIt = !claim.offeringId || appointment?.offeringId === claim.offeringId;
  if (!appointment || !isTheirs || !isOfIt) throw new BookproofError("appointment_not_found");
  if (appointment.status !== "confirmed") throw new BookproofError("appointment_not_confirmed");
  return appointment;
}

function refuseSameTime({ was }: ChangingAppointment, to: Claim): void {
  if (was.calendarId === to.calendarId && Date.parse(was.start) === to.start.getTime())
    throw new BookproofError("slot_not_open", "The appointment is at that time already.");
}

/** A turn that was cut off after its claim leaves a hold that its customer must not lose the slot to. */
async function giveBackOwn(client: Queryable, claim: Claim, offering: Offering): Promise<void> {
  if (!claim.callSid) return;
  const { tenantId, calendarId, callSid: conversationId, customerPhone, holdId: exceptHoldId } = claim;
  const start = claim.start.getTime();
  const within = {
    from: start - offering.bufferBeforeMinutes * 60_000,
    to: start + (offering.durationMinutes + offering.bufferAfterMinutes) * 60_000,
  };
  const own = { calendarId, conversationId, customerPhone, exceptHoldId, within };
  for (const holdId of await selectOwnOverlapping(client, tenantId, own))
    await releaseHeldSlot(client, tenantId, holdId);
}
