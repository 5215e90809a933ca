import { BookproofError } from "@bookproof/errors";
import { type Queryable, withTenant } from "@bookproof/postgres";
import type { ClaimSlotRequest, ClaimSlotResponse, Offering } from "@bookproof/proto/booking";
import { parseRequest } from "@bookproof/service";
import { countHoldConflict } from "@bookproof/telemetry";
import { z } from "zod";
import type { Deps } from "../deps.ts";
import { bookableSpan, occupiedBy } from "../domain/openings.ts";
import { lockAssignment } from "../queries/assign-calendar.ts";
import { lockHold, releaseHeldSlot, selectOwnOverlapping } from "../queries/holds.ts";
import { retryDeadlock } from "../queries/retry-deadlock.ts";
import { type KnownTenant, selectTenant } from "../queries/tenants.ts";
import { claimPlace, type Place } from "../reservation/claim-calendar.ts";
import { createSlotReader, type SlotReader } from "../reservation/slot-reader.ts";

const schema = z.object({
  tenantId: z.guid(),
  holdId: z.guid(),
  offeringId: z.string().min(1),
  calendarId: z.string(),
  start: z.date(),
  callSid: z.string(),
  customerName: z.string().max(200),
  customerPhone: z.string(),
  replacesHoldId: z.union([z.guid(), z.literal("")]),
});
type Claim = z.infer<typeof schema>;

/**
 * Reserves a slot; gives the customer's earlier hold back only if the new one is won. Where no calendar is named, it is one
 * of the offering's that are open then.
 */
export const claimSlot = (deps: Deps) => {
  const slots = createSlotReader(deps);
  return async (request: ClaimSlotRequest): Promise<ClaimSlotResponse> => {
    const claim = parseRequest(schema, request);
    const place = claim.calendarId ? claim : await placeOf(slots, claim);
    try {
      return await retryDeadlock(() =>
        withTenant(deps.pool, claim.tenantId, (client) => claimInTransaction(client, claim, place)),
      );
    } catch (error) {
      if (!(error instanceof SlotLost)) throw error;
      if (error.why === "slot_already_held") countHoldConflict({ reason: error.why });
      return { ...lost, error: error.why === "slot_not_open" ? "Slot not open" : "Slot already held" };
    }
  };
};

const lost = { success: false, holdId: "", expiresAt: undefined, calendarId: "", calendarName: "" };

/** Thrown to roll back, so that the replaced hold stays when the new slot is lost. */
class SlotLost extends Error {
  readonly why: "slot_already_held" | "slot_not_open" | "too_late";

  constructor(why: SlotLost["why"]) {
    super(why);
    this.why = why;
  }
}

/** The only calendar of the offering, or those that are open then; what is held is for the transaction to see. */
async function placeOf(slots: SlotReader, claim: Claim): Promise<Place> {
  const known = await slots.tenant(claim.tenantId);
  const offering = offeringOf(known, claim);
  const { calendarIds } = offering;
  const [only] = calendarIds;
  if (only !== undefined && calendarIds.length === 1) return { calendarId: only };
  const found = await slots.openness({ known, offering, calendarIds, start: claim.start.getTime() });
  return { anyOf: calendarIds.filter((_, index) => found[index] === "open") };
}

async function claimInTransaction(client: Queryable, claim: Claim, place: Place): Promise<ClaimSlotResponse> {
  if ("anyOf" in place) await lockAssignment(client, claim.tenantId);
  const known = await selectTenant(client, claim.tenantId);
  if (!known) throw new BookproofError("tenant_not_found");
  const offering = offeringOf(known, claim);
  if ("calendarId" in place && !offering.calendarIds.includes(place.calendarId))
    throw new BookproofError("calendar_not_found");
  await refuseWhatIsNotBookable(client, claim, known);
  if (claim.replacesHoldId && claim.replacesHoldId !== claim.holdId) {
    const replaced = await lockHold(client, claim.tenantId, claim.replacesHoldId);
    if (replaced?.customerPhone === claim.customerPhone) await releaseHeldSlot(client, claim.tenantId, replaced.id);
  }
  await giveBackOwn(client, claim, { offering, place });
  const won = await claimPlace(
    client,
    {
      ...claim,
      offering,
      timeZone: known.tenant.timeZone,
      holdMinutes: known.tenant.bookingRules?.holdMinutes ?? 10,
    },
    place,
  );
  if (!won) throw new SlotLost("anyOf" in place && place.anyOf.length === 0 ? "slot_not_open" : "slot_already_held");
  const { calendarId, expiresAt } = won;
  const calendarName = known.calendarNames[calendarId] ?? "";
  return { success: true, holdId: claim.holdId, expiresAt, error: "", calendarId, calendarName };
}

function offeringOf(known: KnownTenant, claim: Claim): Offering {
  const offering = known.tenant.offerings.find((candidate) => candidate.id === claim.offeringId);
  if (!offering) throw new BookproofError("offering_not_found");
  return offering;
}

/**
 * Minimum notice and horizon count when a customer first takes a time: who has it keeps it, though it has come nearer
 * since. @throws SlotLost
 */
async function refuseWhatIsNotBookable(client: Queryable, claim: Claim, known: KnownTenant): Promise<void> {
  const { tenantId, start, customerPhone } = claim;
  const now = Date.now();
  const bookable = bookableSpan(known.tenant.bookingRules, now);
  const at = start.getTime();
  if (at <= now) throw new SlotLost("too_late");
  if (at >= bookable.from && at < bookable.to) return;
  for (const holdId of new Set([claim.holdId, claim.replacesHoldId])) {
    const hold = holdId ? await lockHold(client, tenantId, holdId) : undefined;
    if (hold?.customerPhone === customerPhone && hold.start.getTime() === at) return;
  }
  throw new SlotLost("slot_not_open");
}

/** A turn that was cut off after its claim leaves a hold that its customer must not lose the slot to. */
async function giveBackOwn(
  client: Queryable,
  claim: Claim,
  { offering, place }: { offering: Offering; place: Place },
): Promise<void> {
  if (!claim.callSid) return;
  const { tenantId, callSid: conversationId, customerPhone, holdId: exceptHoldId } = claim;
  const within = occupiedBy(claim.start.getTime(), offering);
  const calendarIds = "calendarId" in place ? [place.calendarId] : offering.calendarIds;
  const own = { calendarIds, conversationId, customerPhone, exceptHoldId, within };
  for (const holdId of await selectOwnOverlapping(client, tenantId, own))
    await releaseHeldSlot(client, tenantId, holdId);
}
