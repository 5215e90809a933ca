import { BookproofError } from "@bookproof/errors";
import { type Queryable, withTenant } from "@bookproof/postgres";
import type { ClaimSlotRequest, ClaimSlotResponse, Offering } from "@bookproof/proto/booking";
import { parseRequest } from "@bookproof/service";
import { countHoldConflict } from "@bookproof/telemetry";
import { z } from "zod";
import type { Deps } from "../deps.ts";
import { claimSlotAtomic, lockHold, releaseHeldSlot, selectOwnOverlapping } from "../queries/holds.ts";
import { retryDeadlock } from "../queries/retry-deadlock.ts";
import { selectTenant } from "../queries/tenants.ts";

const schema = z.object({
  tenantId: z.guid(),
  holdId: z.guid(),
  offeringId: z.string().min(1),
  calendarId: z.string().min(1),
  start: z.date(),
  callSid: z.string(),
  customerName: z.string().max(200),
  customerPhone: z.string(),
  replacesHoldId: z.union([z.guid(), z.literal("")]),
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

async function claimInTransaction(client: Queryable, claim: Claim): Promise<ClaimSlotResponse> {
  const known = await selectTenant(client, claim.tenantId);
  if (!known) throw new BookproofError("tenant_not_found");
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
    durationMinutes: offering.durationMinutes,
    bufferBeforeMinutes: offering.bufferBeforeMinutes,
    bufferAfterMinutes: offering.bufferAfterMinutes,
  });
  if (!answer.success || !answer.expires_at) throw new SlotLost("slot_already_held");
  return { success: true, holdId: claim.holdId, expiresAt: new Date(answer.expires_at), error: "" };
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
