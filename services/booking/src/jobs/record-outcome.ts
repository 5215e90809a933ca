import { withTenant } from "@bookproof/postgres";
import type { Deps } from "../deps.ts";
import { selectAttempt } from "../queries/attempts.ts";

/** Tells the agent how an attempt ended, beside the event and acknowledged by itself, so that no single death loses the flag. */
export async function runRecordOutcome(
  deps: Deps,
  { tenantId, attemptId }: { tenantId: string; attemptId: string },
): Promise<void> {
  const attempt = await withTenant(deps.pool, tenantId, (client) => selectAttempt(client, tenantId, attemptId));
  if (!attempt || attempt.status === "started") return;
  const booked = attempt.status === "confirmed";
  await deps.agent.recordOutcome({
    tenantId,
    cid: attempt.cid,
    stage: booked ? "BOOKED" : "NEEDS_HUMAN",
    stageReason: attempt.reason,
    needsHuman: !booked,
    lastError: attempt.cause,
    holdId: attempt.holdId,
  });
}
