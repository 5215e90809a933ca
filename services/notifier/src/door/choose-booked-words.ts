import { withTenant } from "@bookproof/postgres";
import type { AppointmentSummary } from "@bookproof/proto/booking";
import type { Deps } from "../deps.ts";
import { FINALIZING_TEXT, SNAG_TEXT } from "../domain/customer-texts.ts";
import { finalKey, isFinalKey } from "../domain/message-keys.ts";
import { type BookingFailure, notifyOwnerBookingFailure } from "../escalation/notify-owner-booking-failure.ts";
import { resolveUnknown } from "../escalation/resolve-unknown.ts";
import type { Choice, DoorMessage } from "./choice.ts";
import { enqueueMessage } from "./enqueue-message.ts";
import { provenWords } from "./proven-words.ts";
import { readProof } from "./read-proof.ts";
import { traceBlockedClaim } from "./trace-blocked-claim.ts";

/** A proof that nobody could read for this long is waited for less eagerly. */
const slowPollMs = 15_000;

/** What the customer is told instead of, or as, "all set", by the proof as it is now. */
export async function chooseBookedWords(deps: Deps, door: DoorMessage): Promise<Choice> {
  const { tenantId, message, from } = door;
  const proof = await readProof(deps, tenantId, message.appointmentId ?? "");
  if (proof.status === "proven") {
    const words = provenWords(door, proof.appointment);
    return { kind: "send", words, effects: (client) => resolveUnknown(client, tenantId, message.cid) };
  }
  if (proof.status === "running" || proof.status === "unreadable") return notYet(deps, door, proof.appointment);
  const reason =
    proof.status === "no_calendar_event" ? "calendar_failed_after_confirm" : "booking_failed_after_confirm";
  return {
    kind: "send",
    words: SNAG_TEXT,
    async effects(client) {
      await traceBlockedClaim(deps, client, { tenantId, message, from, reason });
      await notifyOwnerBookingFailure(deps, failureOf(door, reason, proof.appointment), client);
    },
  };
}

/** "Still finalizing" is said once; the confirmation waits for its proof, and after a while the owner hears of it. */
export async function notYet(
  deps: Deps,
  door: DoorMessage,
  appointment: AppointmentSummary | undefined,
): Promise<Choice> {
  const { tenantId, message } = door;
  const { proofPatienceMs, proofPollMs } = deps.config.times;
  if (!isFinalKey(message.key)) {
    const { cid, conversationId, to, from, kind, appointmentId, attemptId } = message;
    const final = { key: finalKey(message.key), cid, conversationId, to, from, kind, appointmentId, attemptId };
    return {
      kind: "send",
      words: FINALIZING_TEXT,
      async effects(client) {
        await enqueueMessage(client, tenantId, final, { delayMs: proofPollMs });
      },
    };
  }
  if (message.ageMs < proofPatienceMs) return { kind: "wait", delayMs: proofPollMs };
  const failure = failureOf(door, "booking_outcome_unknown", appointment);
  await withTenant(deps.pool, tenantId, (client) => notifyOwnerBookingFailure(deps, failure, client));
  return { kind: "wait", delayMs: Math.max(slowPollMs, proofPollMs) };
}

export function failureOf(
  { tenantId, message }: DoorMessage,
  reason: string,
  appointment: AppointmentSummary | undefined,
): BookingFailure {
  const { cid, conversationId, to } = message;
  return {
    tenantId,
    cid,
    conversationId,
    customerPhone: to,
    customerName: appointment?.customerName,
    requestedSlot: {
      start: appointment?.start,
      offeringName: appointment?.offeringName ?? "",
      calendarName: appointment?.calendarName ?? "",
      address: appointment?.address ?? "",
    },
    reason,
  };
}
