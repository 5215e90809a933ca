import { withTenant } from "@bookproof/postgres";
import { ProofStatus } from "@bookproof/proto/booking";
import type { z } from "zod";
import { escalateCall } from "../calls/escalate-call.ts";
import type { Deps } from "../deps.ts";
import { selectCall } from "../queries/calls.ts";
import type { watchCallConfirm } from "./voice-definitions.ts";
import { proofOf } from "./watch-confirm.ts";

/** P2: a call's CONFIRM whose answer was never stored goes to the owner, unless booking can prove that it was booked. */
export async function runWatchCallConfirm(
  deps: Deps,
  { tenantId, callId, holdId }: z.output<typeof watchCallConfirm.payload>,
): Promise<void> {
  const waiting = await withTenant(deps.pool, tenantId, (client) => selectCall(client, tenantId, callId));
  if (waiting?.confirmingHoldId !== holdId || waiting.needsHuman) return;
  if ((await proofOf(deps, tenantId, holdId)) === ProofStatus.PROOF_STATUS_PROVEN) return;
  await withTenant(deps.pool, tenantId, async (client) => {
    const call = await selectCall(client, tenantId, callId);
    if (call?.confirmingHoldId === holdId && !call.needsHuman)
      await escalateCall(client, call, "booking_outcome_unknown");
  });
}
