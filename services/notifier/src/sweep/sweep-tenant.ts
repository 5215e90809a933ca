import { hasReason } from "@bookproof/errors";
import { withTenant } from "@bookproof/postgres";
import type { TenantConnection } from "@bookproof/proto/booking";
import type { ReceivedText } from "../adapters/twilio.ts";
import { TwilioError } from "../adapters/twilio-error.ts";
import { credentialsAccepted, credentialsRefused } from "../delivery/credential-outage.ts";
import type { Deps } from "../deps.ts";
import { accountOf } from "../escalation/channels.ts";
import { linkToConversation } from "../queries/escalations.ts";
import { completeSweep, failSweep, type InboundSweep, selectSweep } from "../queries/inbound-sweeps.ts";
import { degradedTexts } from "./degraded-texts.ts";
import { sweepSince } from "./sweep-since.ts";

/** As many as the agent looks up at once. */
const askedAtOnce = 1_000;

/**
 * Hands the agent whatever reached a tenant's numbers and never reached the agent. Whatever fails is this tenant's alone.
 * @returns false where it failed, or failed a while ago and is not due again
 */
export async function sweepTenant(deps: Deps, connection: TenantConnection): Promise<boolean> {
  const { tenantId } = connection;
  const sweep = await withTenant(deps.pool, tenantId, (client) => selectSweep(client, tenantId));
  if (!sweep.isDue) return false;
  try {
    const texts = await receivedTexts(deps, connection, sweep);
    await handOver(deps, connection, await missing(deps, tenantId, texts));
    await withTenant(deps.pool, tenantId, async (client) => {
      await credentialsAccepted(deps, client, tenantId);
      await completeSweep(client, tenantId, sweep.now);
    });
    return true;
  } catch (error) {
    const { backOffMs } = deps.config.times.sweep;
    const againInMs = Math.max(
      error instanceof TwilioError ? error.retryAfterMs : 0,
      backOffMs[sweep.failures] ?? backOffMs.at(-1) ?? 0,
    );
    deps.logger.warn({ err: error, tenantId, againInMs }, "[SWEEP_FAILED] a tenant's inbound texts could not be swept");
    await withTenant(deps.pool, tenantId, (client) => failSweep(client, tenantId, againInMs));
    if (error instanceof TwilioError && error.kind === "credentials") await credentialsRefused(deps, tenantId);
    return false;
  }
}

/** What reached the tenant's own numbers, oldest first; what is so young that its webhook may be on its way is left. */
async function receivedTexts(
  deps: Deps,
  { phoneNumbers, ...connection }: TenantConnection,
  sweep: InboundSweep,
): Promise<ReceivedText[]> {
  const { sweep: times } = deps.config.times;
  const account = accountOf({ ...connection, phoneNumbers });
  const since = sweepSince(sweep, times);
  const texts: ReceivedText[] = [];
  for (const to of phoneNumbers) texts.push(...(await deps.twilio.listReceived(account, { to, since })));
  const youngest = sweep.now.getTime() - times.leaveMs;
  return texts
    .filter(({ sentAt }) => sentAt.getTime() <= youngest)
    .toSorted((a, b) => a.sentAt.getTime() - b.sentAt.getTime());
}

async function missing(deps: Deps, tenantId: string, texts: ReceivedText[]): Promise<ReceivedText[]> {
  const unknown = new Set<string>();
  for (let from = 0; from < texts.length; from += askedAtOnce) {
    const messageSids = texts.slice(from, from + askedAtOnce).map(({ sid }) => sid);
    const answer = await deps.agent.listMissingSms({ tenantId, messageSids });
    for (const sid of answer.messageSids) unknown.add(sid);
  }
  return texts.filter(({ sid }) => unknown.has(sid));
}

/** One that the agent refuses for good holds up no other. */
async function handOver(deps: Deps, connection: TenantConnection, texts: ReceivedText[]): Promise<void> {
  if (texts.length === 0) return;
  const escalationOf = await degradedTexts(deps, connection);
  for (const text of texts) {
    const escalationId = await escalationOf(text);
    try {
      await takeIn(deps, connection.tenantId, text, escalationId);
    } catch (error) {
      if (!hasReason(error, "invalid_argument")) throw error;
      deps.logger.error({ err: error, messageSid: text.sid }, "[SMS_REFUSED] the agent refuses a swept text");
    }
  }
}

async function takeIn(
  deps: Deps,
  tenantId: string,
  text: ReceivedText,
  escalationId: string | undefined,
): Promise<void> {
  const { sid: messageSid, from, to, body, numMedia, sentAt } = text;
  const leftToHuman = escalationId !== undefined;
  const sms = { tenantId, messageSid, from, to, body, numMedia, optOutType: "", leftToHuman, sentAt };
  const { cid, conversationId } = await deps.agent.receiveSms(sms);
  deps.log.step(cid, "SMS_SWEPT_IN", { phone: from, messageSid, leftToHuman });
  if (!escalationId || !conversationId) return;
  await withTenant(deps.pool, tenantId, (client) =>
    linkToConversation(client, tenantId, { id: escalationId, cid, conversationId }),
  );
}
