import { withTenant } from "@bookproof/postgres";
import type { TenantConnection } from "@bookproof/proto/booking";
import { TwilioError } from "../adapters/twilio-error.ts";
import { storeAccepted } from "../delivery/apply-delivery.ts";
import type { Deps } from "../deps.ts";
import { hasFailed } from "../domain/delivery-status.ts";
import { type Escalation, markAlerted } from "../queries/escalations.ts";
import { beginSending, setStatus } from "../queries/message-status.ts";
import { insertMessage, type Message, selectKnownSids, selectMessage } from "../queries/messages.ts";
import { type AlertWords, type Channel, findAlert, sendAlert } from "./channels.ts";

export interface ChannelTry {
  tenantId: string;
  connection: TenantConnection;
  escalation: Escalation;
  channel: Channel;
  phase: "alert" | "resolved";
  words: AlertWords;
}

/** Tries one channel once a round: intent, send, id. @returns whether the channel has the alert, now or from an earlier try. */
export async function tryChannel(deps: Deps, attempt: ChannelTry): Promise<boolean> {
  const { tenantId, channel, connection, words, escalation } = attempt;
  const known = (sids: string[]) =>
    withTenant(deps.pool, tenantId, (client) => selectKnownSids(client, tenantId, sids));
  const { message, ours } = await claim(deps, attempt);
  if (hasFailed(message.status)) return false;
  if (!ours && message.status !== "sending") return true;
  try {
    const direct = attempt.phase === "alert" ? await deps.directAlerts.find(escalation.id) : undefined;
    if (direct?.channel === channel.name && escalation.round === 1) return await accepted(deps, attempt, message, direct.sid);
    if (!ours) {
      const sought = { to: channel.to, mark: words.mark, since: message.sendingAt ?? new Date() };
      // A call or mail of an earlier try cannot be looked up: the next channel is surer than silence.
      const found = channel.kind === "sms" ? await findAlert(deps, connection, sought, known) : undefined;
      if (found) return await accepted(deps, attempt, message, found);
      if (channel.kind !== "sms") throw new Error("an earlier try ended unknown");
    }
    return await accepted(deps, attempt, message, await sendAlert(deps, connection, channel, words, known));
  } catch (error) {
    await failed(deps, attempt, message, error);
    return false;
  }
}

/** The message of this round's try; `ours` when it is new and its intent is committed, else it is as an earlier run left it. */
async function claim(deps: Deps, attempt: ChannelTry): Promise<{ message: Message; ours: boolean }> {
  const { tenantId, escalation, channel, phase, words } = attempt;
  const round = escalation.round > 1 ? `:${escalation.round}` : "";
  return withTenant(deps.pool, tenantId, async (client) => {
    const { id, created } = await insertMessage(client, tenantId, {
      key: `${phase}:${escalation.id}:${channel.name}${round}`,
      cid: escalation.cid,
      conversationId: escalation.conversationId,
      escalationId: escalation.id,
      appointmentId: null,
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
    return { message, ours: created };
  });
}

async function accepted(deps: Deps, attempt: ChannelTry, message: Message, sid: string): Promise<true> {
  const { tenantId, escalation, channel, phase } = attempt;
  const { cid, reason, ref } = escalation;
  // Logged first: from here on a lost database can no longer make it untrue.
  deps.log.step(cid, "ESCALATION_SENT", { channel: channel.name, phase, reason, ref, sid, to: channel.to });
  await withTenant(deps.pool, tenantId, async (client) => {
    if (phase === "alert") await markAlerted(client, tenantId, escalation.id);
    await storeAccepted(deps, client, tenantId, message.id, sid);
  });
  return true;
}

async function failed(deps: Deps, attempt: ChannelTry, message: Message, error: unknown): Promise<void> {
  const { tenantId, escalation, channel, phase } = attempt;
  const { cid, reason, ref } = escalation;
  const isTwilio = error instanceof TwilioError;
  deps.log.failure(cid, "ESCALATION_FAILED", { channel: channel.name, phase, reason, ref, to: channel.to }, error);
  if (isTwilio && error.kind === "credentials") {
    deps.logger.error({ tenantId }, "[TWILIO_CREDENTIALS_FAILED] Twilio refuses the tenant's account or token");
  }
  await withTenant(deps.pool, tenantId, (client) =>
    setStatus(client, tenantId, message.id, {
      status: isTwilio && error.kind === "unknown" ? "unknown" : "failed",
      errorCode: isTwilio ? error.code : 0,
      error: error instanceof Error ? error.message : String(error),
    }),
  );
}
