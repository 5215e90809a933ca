import { enqueue, type Queryable } from "@bookproof/postgres";
import type { Deps } from "../deps.ts";
import { confirmationLogStatus, statusAfter } from "../domain/delivery-status.ts";
import { alertOwner, checkDelivery, recordConfirmation } from "../jobs/definitions.ts";
import { insertConfirmationLog, updateConfirmationLog } from "../queries/confirmation-logs.ts";
import { type EarlyDelivery, lockSid, setDelivery, storeSid, takeEarlyDeliveries } from "../queries/message-status.ts";
import { type Message, selectMessageBySid } from "../queries/messages.ts";
import { credentialsAccepted } from "./credential-outage.ts";
import { didNotArrive, isConfirmation } from "./did-not-arrive.ts";

/** Stores the sid of a message that was accepted, what follows from that, and whatever its callbacks said before. */
export async function storeAccepted(
  deps: Deps,
  client: Queryable,
  tenantId: string,
  messageId: string,
  sid: string,
): Promise<void> {
  await lockSid(client, sid);
  await storeSid(client, tenantId, messageId, sid);
  const stored = await selectMessageBySid(client, tenantId, sid);
  if (!stored || stored.channel === "email") return;
  await credentialsAccepted(deps, client, tenantId);
  await enqueue(client, checkDelivery, { tenantId, messageId }, { delayMs: deps.config.times.noReportMs });
  if (stored.channel === "sms" && stored.appointmentId && isConfirmation(stored)) {
    const { appointmentId, to: phone } = stored;
    await insertConfirmationLog(client, tenantId, { messageId: sid, appointmentId, phone });
    const sentAt = new Date().toISOString();
    await enqueue(client, recordConfirmation, { tenantId, appointmentId, messageId: sid, sentAt });
  }
  for (const delivery of await takeEarlyDeliveries(client, tenantId, sid)) {
    const message = await selectMessageBySid(client, tenantId, sid);
    if (message) await applyDelivery(deps, client, tenantId, message, delivery);
  }
}

/** Applies what Twilio reports of a message, and what follows when it did not arrive. @returns false where it would go back. */
export async function applyDelivery(
  deps: Deps,
  client: Queryable,
  tenantId: string,
  message: Message,
  { providerStatus, errorCode }: EarlyDelivery,
): Promise<boolean> {
  const status = statusAfter(message.providerStatus, providerStatus);
  if (!status) return false;
  await setDelivery(client, tenantId, message.id, { status, providerStatus, errorCode });
  const failed = status === "undelivered" || status === "failed";
  if (message.kind === "confirmation" && message.providerSid) {
    const report = { status: confirmationLogStatus(providerStatus), errorCode, error: failed ? providerStatus : null };
    await updateConfirmationLog(client, tenantId, message.providerSid, report);
  }
  if (!failed) return true;
  if (message.kind === "escalation") await tryNextChannel(deps, client, tenantId, message, providerStatus);
  else await didNotArrive(deps, client, tenantId, message, { outcome: providerStatus, errorCode, reported: true });
  return true;
}

async function tryNextChannel(
  deps: Deps,
  client: Queryable,
  tenantId: string,
  message: Message,
  providerStatus: string,
): Promise<void> {
  deps.log.failure(message.cid, "ESCALATION_FAILED", { key: message.key, to: message.to, delivery: providerStatus });
  if (!message.escalationId) return;
  const phase = message.key.startsWith("resolved:") ? "resolved" : "alert";
  await enqueue(client, alertOwner, { tenantId, escalationId: message.escalationId, phase });
}
