import { afterCommit, withTenant } from "@bookproof/postgres";
import type { TenantConnection } from "@bookproof/proto/booking";
import { TwilioError } from "../adapters/twilio-error.ts";
import { storeAccepted } from "../delivery/apply-delivery.ts";
import { credentialsRefused } from "../delivery/credential-outage.ts";
import type { Deps } from "../deps.ts";
import { hasFailed } from "../domain/delivery-status.ts";
import { type Escalation, lockUnresolved, markAlerted } from "../queries/escalations.ts";
import { beginSending, setStatus } from "../queries/message-status.ts";
import {
  insertMessage,
  type Message,
  selectKnownSids,
  selectMessage,
  selectMessageByKey,
} from "../queries/messages.ts";
import type { AlertWords, Channel } from "./channel.ts";
import { findAlert, sendAlert } from "./channels.ts";
import { measureAlert } from "./measure-escalation.ts";

export interface ChannelTry {
  tenantId: string;
  connection: TenantConnection;
  escalation: Escalation;
  channel: Channel;
  phase: "alert" | "resolved";
  words: AlertWords;
  /** The sid of what this channel took before the escalation was stored. */
  sent: string | undefined;
}

/** Tries one channel once a round: intent, send, id. @returns whether the channel has the alert, now or from an earlier try. */
export async function tryChannel(deps: Deps, attempt: ChannelTry): Promise<boolean> {
  const claimed = await claim(deps, attempt);
  if (!claimed) return true;
  const { message, isNew } = claimed;
  if (hasFailed(message.status)) return false;
  if (!isNew && message.status !== "sending") return true;
  let sid: string;
  try {
    sid = (await sentBefore(deps, attempt, message, isNew)) ?? (await send(deps, attempt));
  } catch (error) {
    await failed(deps, attempt, message, error);
    return false;
  }
  await accepted(deps, attempt, message, sid);
  return true;
}

const knownSids = (deps: Deps, tenantId: string) => (sids: string[]) =>
  withTenant(deps.pool, tenantId, (client) => selectKnownSids(client, tenantId, sids));

function send(deps: Deps, { tenantId, connection, escalation, channel, phase, words }: ChannelTry): Promise<string> {
  const sending = sendAlert(deps, connection, channel, words, knownSids(deps, tenantId));
  if (phase === "alert") {
    const alert = sending.then((sid) => ({ channel: channel.name, sid }));
    deps.directAlerts.follow(escalation.id, alert);
  }
  return sending;
}

/** The sid of what went out without a database, or of an earlier run of this try that died before it stored it. */
async function sentBefore(
  deps: Deps,
  { tenantId, connection, channel, words, sent }: ChannelTry,
  message: Message,
  isNew: boolean,
): Promise<string | undefined> {
  if (sent || isNew) return sent;
  // A call or mail cannot be looked up: the next channel is surer than silence.
  if (channel.kind !== "sms") throw new Error("an earlier try ended unknown");
  const sought = { to: channel.to, mark: words.mark, since: message.sendingAt ?? new Date() };
  return findAlert(deps, connection, sought, knownSids(deps, tenantId));
}

/**
 * The message of this round's try; `isNew` when its intent was committed just now, else it is as an earlier run left it.
 * Undefined where the escalation was resolved before: an alert that leaves afterwards would be the last word (P2).
 */
async function claim(deps: Deps, attempt: ChannelTry): Promise<{ message: Message; isNew: boolean } | undefined> {
  const { tenantId, escalation, channel, phase, words } = attempt;
  const round = escalation.round > 1 ? `:${escalation.round}` : "";
  const key = `${phase}:${escalation.id}:${channel.name}${round}`;
  return withTenant(deps.pool, tenantId, async (client) => {
    if (phase === "alert" && !(await lockUnresolved(client, tenantId, escalation.id))) {
      const message = await selectMessageByKey(client, tenantId, key);
      return message && { message, isNew: false };
    }
    const { id, created } = await insertMessage(client, tenantId, {
      key,
      cid: escalation.cid,
      conversationId: escalation.conversationId,
      escalationId: escalation.id,
      appointmentId: null,
      attemptId: null,
      recipient: "owner",
      channel: channel.kind,
      kind: "escalation",
      to: channel.to,
      from: channel.from,
      body: words.text,
    });
    if (created) await beginSending(client, tenantId, id, { from: channel.from, words: words.text });
    const message = await selectMessage(client, tenantId, id);
    if (!message) throw new Error("an alert that was stored is not there");
    return { message, isNew: created };
  });
}

async function accepted(deps: Deps, attempt: ChannelTry, message: Message, sid: string): Promise<void> {
  const { tenantId, escalation, channel, phase, sent } = attempt;
  const { cid, reason, ref } = escalation;
  // Logged first: from here on a lost database can no longer make it untrue.
  deps.log.step(cid, "ESCALATION_SENT", { channel: channel.name, phase, reason, ref, sid, to: channel.to });
  await withTenant(deps.pool, tenantId, async (client) => {
    const tookMs = phase === "alert" ? await markAlerted(client, tenantId, escalation.id) : undefined;
    // What had left before the escalation was stored was measured when it left.
    if (tookMs !== undefined && sent === undefined)
      afterCommit(client, () => measureAlert(escalation, channel, tookMs));
    await storeAccepted(deps, client, tenantId, message.id, sid);
  });
}

async function failed(deps: Deps, attempt: ChannelTry, message: Message, error: unknown): Promise<void> {
  const { tenantId, escalation, channel, phase } = attempt;
  const { cid, reason, ref } = escalation;
  const isTwilio = error instanceof TwilioError;
  deps.log.failure(cid, "ESCALATION_FAILED", { channel: channel.name, phase, reason, ref, to: channel.to }, error);
  if (isTwilio && error.kind === "credentials") await credentialsRefused(deps, tenantId);
  await withTenant(deps.pool, tenantId, (client) =>
    setStatus(client, tenantId, message.id, {
      status: isTwilio && error.kind === "unknown" ? "unknown" : "failed",
      errorCode: isTwilio ? error.code : 0,
      error: error instanceof Error ? error.message : String(error),
    }),
  );
}
