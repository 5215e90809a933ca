import { hasReason } from "@bookproof/errors";
import { enqueue, type Queryable, withTenant } from "@bookproof/postgres";
import type { TenantConnection } from "@bookproof/proto/booking";
import type { ReceivedText } from "../adapters/twilio.ts";
import { TwilioError } from "../adapters/twilio-error.ts";
import { credentialsAccepted, credentialsRefused } from "../delivery/credential-outage.ts";
import type { Deps } from "../deps.ts";
import { accountOf } from "../escalation/channels.ts";
import { sweepOutOfTurn } from "../jobs/definitions.ts";
import { linkToConversation } from "../queries/escalations.ts";
import { completeSweep, failSweep, type InboundSweep, selectSweep } from "../queries/inbound-sweeps.ts";
import { degradedTexts } from "./degraded-texts.ts";
import { sweepSince } from "./sweep-since.ts";

/** As many as the agent looks up at once. */
const askedAtOnce = 1_000;
/** A sweep that is planned for the moment at which a text is not young any more must not come before it. */
const slackMs = 100;

/**
 * Hands the agent whatever reached a tenant's numbers and never reached the agent. Whatever fails is this tenant's alone.
 * @returns false where it failed, or failed a while ago and is not due again
 */
export async function sweepTenant(deps: Deps, connection: TenantConnection): Promise<boolean> {
  const { tenantId } = connection;
  const sweep = await withTenant(deps.pool, tenantId, (client) => selectSweep(client, tenantId));
  if (!sweep.isDue) return false;
  try {
    const { ripe, young } = await receivedTexts(deps, connection, sweep);
    await handOver(deps, connection, await missing(deps, tenantId, ripe));
    const [early] = await missing(deps, tenantId, young);
    await withTenant(deps.pool, tenantId, async (client) => {
      if (early) await planSweepOf(deps, client, tenantId, early.sentAt.getTime() - sweep.now.getTime());
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

/**
 * P2: a text whose webhook may be on its way is left, but not for a whole round: where it is missing, the process that had it may have died
 * with it, after it told the owner and before it could say for whom a human is needed.
 */
async function planSweepOf(deps: Deps, client: Queryable, tenantId: string, inMs: number): Promise<void> {
  const delayMs = Math.max(0, inMs + deps.config.times.sweep.leaveMs) + slackMs;
  await enqueue(client, sweepOutOfTurn, { tenantId }, { delayMs, key: `sweep_left:${tenantId}` });
}

/** What reached the tenant's own numbers, oldest first; `young` is what is so young that its webhook may be on its way. */
async function receivedTexts(
  deps: Deps,
  { phoneNumbers, ...connection }: TenantConnection,
  sweep: InboundSweep,
): Promise<{ ripe: ReceivedText[]; young: ReceivedText[] }> {
  const { sweep: times } = deps.config.times;
  const account = accountOf({ ...connection, phoneNumbers });
  const since = sweepSince(sweep, times);
  const texts: ReceivedText[] = [];
  for (const to of phoneNumbers) texts.push(...(await deps.twilio.listReceived(account, { to, since })));
  const inOrder = texts.toSorted((a, b) => a.sentAt.getTime() - b.sentAt.getTime());
  const isRipe = ({ sentAt }: ReceivedText) => sentAt.getTime() <= sweep.now.getTime() - times.leaveMs;
  return { ripe: inOrder.filter(isRipe), young: inOrder.filter((text) => !isRipe(text)) };
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
