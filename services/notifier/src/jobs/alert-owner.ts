import { enqueue, withTenant } from "@bookproof/postgres";
import type { TenantConnection } from "@bookproof/proto/booking";
import { markSpan } from "@bookproof/telemetry";
import type { z } from "zod";
import type { Deps } from "../deps.ts";
import { alertWords } from "../escalation/alert-words.ts";
import type { Channel } from "../escalation/channel.ts";
import { ownerChannels } from "../escalation/channels.ts";
import type { DirectAlert } from "../escalation/direct-alerts.ts";
import { reportUnreached } from "../escalation/measure-escalation.ts";
import { recallDirectAlerts } from "../escalation/recall-direct-alerts.ts";
import { tryChannel } from "../escalation/try-channel.ts";
import { type Escalation, markUndeliverable, selectEscalation } from "../queries/escalations.ts";
import { alertOwner } from "./definitions.ts";

type AlertJob = z.output<typeof alertOwner.payload>;

/** Tries the owner's channels in order until one takes the alert; when none does, all again after a while, without end. */
export async function runAlertOwner(deps: Deps, job: AlertJob): Promise<void> {
  const { tenantId, escalationId, phase } = job;
  const escalation = await withTenant(deps.pool, tenantId, (client) =>
    selectEscalation(client, tenantId, escalationId),
  );
  if (!escalation || (phase === "alert" && escalation.status === "resolved")) return;
  markSpan({ attemptId: escalation.attemptId ?? undefined, conversationId: escalation.conversationId });
  const connection = await connectionOf(deps, tenantId, escalation);
  const words = alertWords(deps, connection, escalation, phase);
  const direct = phase === "alert" && escalation.round === 1 ? await directAlert(deps, job, escalation) : undefined;
  for (const channel of channelsFor(deps, connection, escalation, direct)) {
    const sent = direct?.channel === channel.name ? direct.sid : undefined;
    if (await tryChannel(deps, { tenantId, connection, escalation, channel, phase, words, sent })) return;
  }
  await allFailed(deps, job, escalation);
}

/** What left for the owner without a database: known to whoever stored it, to this process, or to Twilio alone. */
async function directAlert(deps: Deps, job: AlertJob, escalation: Escalation): Promise<DirectAlert | undefined> {
  const known = job.direct ?? (await deps.directAlerts.find(escalation.id));
  if (known || escalation.status !== "open") return known;
  const connection = await connectionOf(deps, job.tenantId, escalation);
  return (await recallDirectAlerts(deps, connection, escalation.cid))(escalation);
}

/** The owner's channels, from the one that has the alert already; where Twilio refuses the credentials, the one without it first. */
function channelsFor(
  deps: Deps,
  connection: TenantConnection,
  { cid, reason }: Escalation,
  direct: DirectAlert | undefined,
): Channel[] {
  const channels = ownerChannels(deps, connection, cid);
  if (direct)
    return channels.slice(
      Math.max(
        0,
        channels.findIndex(({ name }) => name === direct.channel),
      ),
    );
  if (reason !== "twilio_credentials_failed") return channels;
  return channels.toSorted((a, b) => Number(b.kind === "email") - Number(a.kind === "email"));
}

async function connectionOf(deps: Deps, tenantId: string, escalation: Escalation): Promise<TenantConnection> {
  try {
    return await deps.connections.get(tenantId);
  } catch (error) {
    reportUnreached(deps, escalation, {}, error);
    throw error;
  }
}

async function allFailed(deps: Deps, job: AlertJob, escalation: Escalation): Promise<void> {
  const { alertRetryMs } = deps.config.times;
  const delayMs = alertRetryMs[escalation.round - 1] ?? alertRetryMs.at(-1) ?? 0;
  reportUnreached(deps, escalation, { ref: escalation.ref, round: escalation.round, againInMs: delayMs });
  // That something ended well may go unsaid; that it ended badly may not.
  if (job.phase === "resolved") return;
  await withTenant(deps.pool, job.tenantId, async (client) => {
    await markUndeliverable(client, job.tenantId, job.escalationId);
    await enqueue(client, alertOwner, job, { delayMs });
  });
}
