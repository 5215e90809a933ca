import { BookproofError } from "@bookproof/errors";
import { attemptIdOf, withTenant } from "@bookproof/postgres";
import { ProofStatus } from "@bookproof/proto/booking";
import type { z } from "zod";
import type { Deps } from "../deps.ts";
import { type Conversation, lockConversation, selectConversation } from "../queries/conversations.ts";
import { escalateConversation, requestedSlot } from "../turns/run-turn.ts";
import type { watchConfirm } from "./definitions.ts";

type Watched = z.output<typeof watchConfirm.payload>;

/** P2: a CONFIRM whose outcome nobody recorded goes to the owner, unless booking can prove that it was booked. */
export async function runWatchConfirm(deps: Deps, watched: Watched): Promise<void> {
  const { tenantId, holdId } = watched;
  const stillWaits = ({ confirmingHoldId, cid, needsHuman }: Conversation) =>
    confirmingHoldId === holdId && cid === watched.cid && !needsHuman;
  const conversation = await withTenant(deps.pool, tenantId, (client) =>
    selectConversation(client, tenantId, watched.conversationId),
  );
  if (!conversation || !stillWaits(conversation)) return;
  if ((await proofOf(deps, tenantId, holdId)) === ProofStatus.PROOF_STATUS_PROVEN) return;
  await escalateIf(deps, watched, { reason: "booking_outcome_unknown", stillWaits });
}

/** P2: a customer whose confirmed slot was gone and who has booked nothing since goes to the owner. */
export async function runWatchLostSlot(deps: Deps, watched: Watched): Promise<void> {
  const stillWaits = ({ cid, needsHuman, stage }: Conversation) =>
    cid === watched.cid && !needsHuman && stage !== "BOOKED";
  await escalateIf(deps, watched, { reason: "slot_lost_after_confirm", stillWaits });
}

/** How far the attempt of a hold is proven; undefined where booking does not say. */
export async function proofOf(deps: Deps, tenantId: string, holdId: string): Promise<ProofStatus | undefined> {
  const value = attemptIdOf(tenantId, holdId);
  try {
    return (await deps.booking.getBookingProof({ tenantId, subject: { $case: "attemptId", value } })).status;
  } catch (error) {
    // Unreadable is not absent, but a customer who confirmed must not wait for it: the owner hears "outcome unknown".
    if (error instanceof BookproofError) return undefined;
    throw error;
  }
}

/** Decided under the conversation's lock: an outcome that was recorded a moment ago is not overwritten. */
async function escalateIf(
  deps: Deps,
  watched: Watched,
  {
    reason,
    stillWaits,
  }: {
    reason: "booking_outcome_unknown" | "slot_lost_after_confirm";
    stillWaits: (conversation: Conversation) => boolean;
  },
): Promise<void> {
  const { tenantId, conversationId } = watched;
  await withTenant(deps.pool, tenantId, async (client) => {
    const conversation = await lockConversation(client, tenantId, conversationId);
    if (!conversation || !stillWaits(conversation)) return;
    await escalateConversation(client, { tenantId, conversation, requested: requestedSlot(conversation), reason });
  });
}
