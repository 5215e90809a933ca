import { enqueue, withTenant } from "@bookproof/postgres";
import type { TenantConnection } from "@bookproof/proto/booking";
import type { Deps } from "../deps.ts";
import { alertWords } from "../escalation/alert-words.ts";
import { ownerChannels } from "../escalation/channels.ts";
import { tryChannel } from "../escalation/try-channel.ts";
import { type Escalation, markUndeliverable, selectEscalation } from "../queries/escalations.ts";
import { alertOwner } from "./definitions.ts";

interface AlertJob {
  tenantId: string;
  escalationId: string;
  phase: "alert" | "resolved";
}

/** Tries the owner's channels in order until one takes the alert; when none does, all again after a while, without end. */
export async function runAlertOwner(deps: Deps, job: AlertJob): Promise<void> {
  const { tenantId, escalationId, phase } = job;
  const escalation = await withTenant(deps.pool, tenantId, (client) =>
    selectEscalation(client, tenantId, escalationId),
  );
  if (!escalation || (phase === "alert" && escalation.status === "resolved")) return;
  const connection = await connectionOf(deps, tenantId, escalation);
  const words = alertWords(deps, connection, escalation, phase);
  for (const channel of ownerChannels(deps, connection, escalation.cid)) {
    if (await tryChannel(deps, { tenantId, connection, escalation, channel, phase, words })) return;
  }
  await allFailed(deps, job, escalation);
}

async function connectionOf(deps: Deps, tenantId: string, escalation: Escalation): Promise<TenantConnection> {
  try {
    return await deps.connections.get(tenantId);
  } catch (error) {
    deps.log.failure(escalation.cid, "ESCALATION_FAILED", { channel: "all", reason: escalation.reason }, error);
    throw error;
  }
}

async function allFailed(deps: Deps, job: AlertJob, escalation: Escalation): Promise<void> {
  const { alertRetryMs } = deps.config.times;
  const delayMs = alertRetryMs[escalation.round - 1] ?? alertRetryMs.at(-1) ?? 0;
  deps.log.failure(escalation.cid, "ESCALATION_FAILED", {
    channel: "all",
    reason: escalation.reason,
    ref: escalation.ref,
    round: escalation.round,
    againInMs: delayMs,
  });
  // That something ended well may go unsaid; that it ended badly may not.
  if (job.phase === "resolved") return;
  await withTenant(deps.pool, job.tenantId, async (client) => {
    await markUndeliverable(client, job.tenantId, job.escalationId);
    await enqueue(client, alertOwner, job, { delayMs });
  });
}
