import type { AppointmentSummary } from "@bookproof/proto/booking";
import type { Deps } from "../deps.ts";
import { cancelledText, movedText, SNAG_TEXT } from "../domain/customer-texts.ts";
import { notifyOwnerBookingFailure } from "../escalation/notify-owner-booking-failure.ts";
import type { Choice, DoorMessage } from "./choice.ts";
import { failureOf, notYet } from "./choose-booked-words.ts";
import { readProofOfAttempt } from "./read-proof.ts";
import { traceBlockedClaim } from "./trace-blocked-claim.ts";

const wantedProof = { moved: "proven", cancelled: "cancelled" } as const;

/** P1: "moved" and "cancelled" are said with the proof of the attempt that did it, read at this moment. */
export async function chooseChangedWords(
  deps: Deps,
  door: DoorMessage,
  kind: keyof typeof wantedProof,
): Promise<Choice> {
  const { tenantId, message, from } = door;
  const proof = await readProofOfAttempt(deps, tenantId, message.attemptId ?? "");
  if (proof.status === wantedProof[kind] && proof.appointment)
    return { kind: "send", words: changedWords(door, kind, proof.appointment), effects: async () => undefined };
  if (proof.status === "running" || proof.status === "unreadable") return notYet(deps, door, proof.appointment);
  // Moved once more, or cancelled since: the message of that says how it stands.
  if (proof.status !== "no_calendar_event") return { kind: "skip", reason: "no_longer_booked" };
  const reason = "move_failed_after_confirm";
  return {
    kind: "send",
    words: SNAG_TEXT,
    async effects(client) {
      await traceBlockedClaim(deps, client, { tenantId, message, from, reason });
      await notifyOwnerBookingFailure(deps, failureOf(door, reason, proof.appointment), client);
    },
  };
}

function changedWords(
  { connection, from }: DoorMessage,
  kind: keyof typeof wantedProof,
  { start = new Date(Number.NaN), offeringName, calendarName, address }: AppointmentSummary,
): string {
  const appointment = { start, offeringName, calendarName, address };
  const business = { name: connection.name, phone: from, timeZone: connection.timeZone };
  const text = kind === "moved" ? movedText : cancelledText;
  return text(appointment, business, new Date());
}
