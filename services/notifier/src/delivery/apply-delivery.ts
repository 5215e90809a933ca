import { enqueue, type Queryable } from "@bookproof/postgres";
import { OPTED_OUT_AT_TWILIO } from "../adapters/twilio-error.ts";
import type { Deps } from "../deps.ts";
import { SNAG_TEXT } from "../domain/customer-texts.ts";
import { statusAfter } from "../domain/delivery-status.ts";
import { notifyOwnerBookingFailure } from "../escalation/notify-owner-booking-failure.ts";
import { alertOwner } from "../jobs/definitions.ts";
import { type EarlyDelivery, lockSid, setDelivery, storeSid, takeEarlyDeliveries } from "../queries/message-status.ts";
import { type Message, selectMessageBySid } from "../queries/messages.ts";
import { upsertOptOut } from "../queries/opt-outs.ts";

/** Stores the sid of a message that was accepted, and whatever its callbacks said before. */
export async function storeAccepted(
  deps: Deps,
  client: Queryable,
  tenantId: string,
  messageId: string,
  sid: string,
): Promise<void> {
  await lockSid(client, sid);
  await storeSid(client, tenantId, messageId, sid);
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
  if (status !== "undelivered" && status !== "failed") return true;
  if (message.recipient === "owner") await tryNextChannel(deps, client, tenantId, message, providerStatus);
  else await textDidNotArrive(deps, client, tenantId, message, { outcome: providerStatus, errorCode });
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

/** Whether the owner must hear when a text does not reach its customer: it tells how a booking ended. */
export function mustReach(message: Message): boolean {
  return message.kind === "booked" || (message.sentBody ?? message.body) === SNAG_TEXT;
}

/** A customer's text has ended without arriving: traced, an opt-out recorded, and the owner told where it mattered. */
export async function textDidNotArrive(
  deps: Deps,
  client: Queryable,
  tenantId: string,
  message: Message,
  end: { outcome: string; errorCode: number },
): Promise<void> {
  const { cid, to } = message;
  const optedOut = end.errorCode === OPTED_OUT_AT_TWILIO;
  await deps.traceSmsFlow(
    {
      tenantId,
      cid,
      from: message.from,
      to,
      direction: "outbound",
      stage: "FAILED",
      reason: end.outcome,
      payload: { key: message.key, errorCode: end.errorCode },
    },
    client,
  );
  if (optedOut) {
    const keyword = String(OPTED_OUT_AT_TWILIO);
    await upsertOptOut(client, tenantId, { phone: to, optedOut, keyword, messageSid: "", changedAt: new Date() });
  }
  if (!mustReach(message)) return;
  const reason = optedOut ? "customer_opted_out" : "customer_unreachable";
  const { conversationId } = message;
  await notifyOwnerBookingFailure(deps, { tenantId, cid, conversationId, customerPhone: to, reason }, client);
}
