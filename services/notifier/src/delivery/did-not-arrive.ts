import type { Queryable } from "@bookproof/postgres";
import { OPTED_OUT_AT_TWILIO } from "../adapters/twilio-error.ts";
import type { Deps } from "../deps.ts";
import { afterFailedConfirmation } from "../domain/after-failed-confirmation.ts";
import { FINALIZING_TEXT, SNAG_TEXT } from "../domain/customer-texts.ts";
import { callKey, isResendKey, resendKey } from "../domain/message-keys.ts";
import { phoneOf } from "../domain/phone-of.ts";
import { enqueueMessage } from "../door/enqueue-message.ts";
import { notifyOwnerBookingFailure } from "../escalation/notify-owner-booking-failure.ts";
import type { Message } from "../queries/messages.ts";
import { upsertOptOut } from "../queries/opt-outs.ts";

/** How a message ended without arriving. */
export interface FailedEnd {
  /** Twilio's status, or what we call it. */
  outcome: string;
  errorCode: number;
  /** Whether a delivery report said so: then the provider had accepted it. */
  reported: boolean;
}

const endsAJourney: ReadonlySet<Message["kind"]> = new Set(["booked", "confirmation", "moved", "cancelled"]);

/** Whether the owner must hear when a text does not reach its customer: it tells how a booking ended. */
export function mustReach(message: Message): boolean {
  const { kind } = message;
  return endsAJourney.has(kind) || (message.sentBody ?? message.body) === SNAG_TEXT;
}

/** Whether the words that left are the confirmation of a booked call, not what is said in its place. */
export function isConfirmation({ kind, sentBody }: Message): boolean {
  return kind === "confirmation" && sentBody !== null && sentBody !== FINALIZING_TEXT && sentBody !== SNAG_TEXT;
}

/**
 * A customer's message has ended without arriving: traced, an opt-out recorded; a confirmation goes another way, and where there
 * is none the owner is told.
 */
export async function didNotArrive(
  deps: Deps,
  client: Queryable,
  tenantId: string,
  message: Message,
  end: FailedEnd,
): Promise<void> {
  const { cid, to, from, key } = message;
  const optedOut = end.errorCode === OPTED_OUT_AT_TWILIO;
  const payload = { key, errorCode: end.errorCode };
  const step = { direction: "outbound" as const, stage: "FAILED", reason: end.outcome, payload };
  await deps.traceSmsFlow({ tenantId, cid, from, to: phoneOf(to), ...step }, client);
  if (optedOut) {
    const keyword = String(OPTED_OUT_AT_TWILIO);
    await upsertOptOut(client, tenantId, { phone: to, optedOut, keyword, messageSid: "", changedAt: new Date() });
  }
  if (!mustReach(message) || (await goesAnotherWay(deps, client, tenantId, message, end))) return;
  await tellOwner(deps, client, tenantId, message, optedOut ? "customer_opted_out" : "customer_unreachable");
}

/** The owner hears that a customer was not reached, or may not have been. */
export async function tellOwner(
  deps: Deps,
  client: Queryable,
  tenantId: string,
  message: Message,
  reason: "customer_opted_out" | "customer_unreachable",
): Promise<void> {
  const { cid, conversationId, to: customerPhone } = message;
  await notifyOwnerBookingFailure(deps, { tenantId, cid, conversationId, customerPhone, reason }, client);
}

async function goesAnotherWay(
  deps: Deps,
  client: Queryable,
  tenantId: string,
  message: Message,
  end: FailedEnd,
): Promise<boolean> {
  if (!isConfirmation(message)) return false;
  const { key, channel, cid, conversationId, appointmentId, to, from, kind } = message;
  const { errorCode, reported } = end;
  const next = afterFailedConfirmation({ channel, errorCode, reported, isResend: isResendKey(key) });
  if (next === "tell_owner") return false;
  const again = { cid, conversationId, appointmentId, to, from, kind };
  if (next === "resend") {
    const delayMs = deps.config.times.resendDelayMs;
    await enqueueMessage(client, tenantId, { ...again, key: resendKey(key), channel: "sms" }, { delayMs });
  } else {
    await enqueueMessage(client, tenantId, { ...again, key: callKey(key), channel: "voice" });
  }
  return true;
}
