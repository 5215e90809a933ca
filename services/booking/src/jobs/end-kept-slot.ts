import { enqueue, withTenant } from "@bookproof/postgres";
import type { Deps } from "../deps.ts";
import { isBookedSince, selectAttempt } from "../queries/attempts.ts";
import { endKeptHold } from "../queries/holds.ts";
import { endKeptSlot } from "./definitions.ts";
import { requestedOf } from "./publish-event.ts";

const keptSlotText = {
  book: "Sorry, we could not keep that time for you any longer, and nothing is booked. A human will text you about another time.",
  move: "Sorry, we could not keep that new time for you any longer. A human will text you about it.",
  cancel: "",
} as const;

interface AttemptRef {
  tenantId: string;
  attemptId: string;
}

/**
 * P2: a slot that was kept after a failed attempt does not end in silence, unless its customer has booked since. That a human has
 * settled the matter is the notifier's to know.
 */
export async function runEndKeptSlot(deps: Deps, { tenantId, attemptId }: AttemptRef): Promise<void> {
  const attempt = await withTenant(deps.pool, tenantId, async (client) => {
    const failed = await selectAttempt(client, tenantId, attemptId);
    if (!failed) return undefined;
    const hold = await endKeptHold(client, tenantId, failed.holdId);
    if (hold?.status === "kept") {
      const options = { delayMs: hold.keptForMs, key: `kept:${attemptId}` };
      await enqueue(client, endKeptSlot, { tenantId, attemptId }, options);
    }
    if (hold?.status !== "expired" || (await isBookedSince(client, tenantId, failed))) return undefined;
    return failed;
  });
  if (!attempt) return;
  await deps.notifier.notifyOwnerBookingFailure({
    tenantId,
    cid: attempt.cid,
    conversationId: attempt.conversationId,
    followsAttemptId: attempt.id,
    reason: "kept_slot_ended",
    requested: requestedOf(attempt.snapshot),
    customerText: keptSlotText[attempt.kind],
  });
}
