import { withTenant } from "@bookproof/postgres";
import type { Deps } from "../deps.ts";
import { selectAttempt } from "../queries/attempts.ts";
import { confirmedStages } from "../saga/confirm-attempt.ts";

/** Tells the agent how an attempt ended, beside the event and acknowledged by itself, so that no single death loses the flag. */
export async function runRecordOutcome(
  deps: Deps,
  { tenantId, attemptId }: { tenantId: string; attemptId: string },
): Promise<void> {
  const attempt = await withTenant(deps.pool, tenantId, (client) => selectAttempt(client, tenantId, attemptId));
  if (!attempt || attempt.status === "started") return;
  const isConfirmed = attempt.status === "confirmed";
  const { stage, reason } = confirmedStages[attempt.kind];
  await deps.agent.recordOutcome({
    tenantId,
    cid: attempt.cid,
    stage: isConfirmed ? stage : "NEEDS_HUMAN",
    stageReason: isConfirmed ? reason : attempt.reason,
    needsHuman: !isConfirmed,
    lastError: attempt.cause,
    holdId: attempt.holdId,
  });
}
