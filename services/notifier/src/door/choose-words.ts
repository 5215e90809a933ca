import { claimsBooking, claimsChange } from "@bookproof/claim-check";
import { BookproofError } from "@bookproof/errors";
import type { Deps } from "../deps.ts";
import { SNAG_TEXT } from "../domain/customer-texts.ts";
import { isFallbackKey } from "../domain/message-keys.ts";
import { notifyOwnerBookingFailure } from "../escalation/notify-owner-booking-failure.ts";
import type { Choice, DoorMessage } from "./choice.ts";
import { chooseBookedWords } from "./choose-booked-words.ts";
import { chooseChangedWords } from "./choose-changed-words.ts";
import { chooseLaterWords } from "./choose-later-words.ts";
import { readProof } from "./read-proof.ts";
import { traceBlockedClaim } from "./trace-blocked-claim.ts";

/** P1, the door: words that claim a booking leave only with its proof in hand. */
export async function chooseWords(deps: Deps, door: DoorMessage): Promise<Choice> {
  const { message } = door;
  if (message.kind === "reminder" || isFallbackKey(message.key)) return chooseLaterWords(deps, door);
  if (message.kind === "booked" || message.kind === "confirmation") return chooseBookedWords(deps, door);
  if (message.kind === "moved" || message.kind === "cancelled") return chooseChangedWords(deps, door, message.kind);
  // Of these the words are our own: a code claims nothing, and the owner is told what the call's record says.
  const isOurs = message.kind === "otp" || message.kind === "hot_lead" || message.kind === "test_alert";
  if (isOurs || !claimsBooking(message.body) || (await isProven(deps, door))) {
    return { kind: "send", words: message.body, effects: async () => undefined };
  }
  return blockClaim(deps, door);
}

async function isProven(deps: Deps, { tenantId, message }: DoorMessage): Promise<boolean> {
  // The proof of a booking says nothing of a move or a cancellation.
  if (!message.appointmentId || claimsChange(message.body)) return false;
  const { status } = await readProof(deps, tenantId, message.appointmentId);
  if (status === "unreadable" && message.ageMs < deps.config.times.proofPatienceMs) {
    throw new BookproofError("unavailable", "The proof of a booking cannot be read, it is read again.");
  }
  return status === "proven";
}

function blockClaim(deps: Deps, { tenantId, message, from }: DoorMessage): Choice {
  const { cid, conversationId, to } = message;
  return {
    kind: "send",
    words: SNAG_TEXT,
    async effects(client) {
      await traceBlockedClaim(deps, client, { tenantId, message, from, reason: "claim_blocked" });
      const failure = { tenantId, cid, conversationId, customerPhone: to, reason: "claim_blocked" };
      await notifyOwnerBookingFailure(deps, failure, client);
    },
  };
}
