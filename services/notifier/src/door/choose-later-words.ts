import { BookproofError } from "@bookproof/errors";
import type { Deps } from "../deps.ts";
import { reminderKey } from "../domain/message-keys.ts";
import type { Choice, DoorMessage } from "./choice.ts";
import { provenWords } from "./proven-words.ts";
import { readProof } from "./read-proof.ts";

/**
 * The words of what follows a confirmation: its second try, its call, the reminder. Nobody waits for them, so an appointment that
 * is no longer proven, or for a reminder no longer at that time, is not spoken of.
 * @throws BookproofError `unavailable` while the proof cannot be read.
 */
export async function chooseLaterWords(deps: Deps, door: DoorMessage): Promise<Choice> {
  const { tenantId, message } = door;
  const appointmentId = message.appointmentId ?? "";
  const proof = await readProof(deps, tenantId, appointmentId);
  if (proof.status === "unreadable" || proof.status === "running") {
    throw new BookproofError("unavailable", "The proof of a booking cannot be read, it is read again.");
  }
  const isStill =
    proof.status === "proven" &&
    (message.kind !== "reminder" ||
      (proof.appointment.start &&
        // One that was held up is not said when it is over.
        proof.appointment.start > new Date() &&
        message.key === reminderKey(appointmentId, proof.appointment.start)));
  if (!isStill) return { kind: "skip", reason: "no_longer_booked" };
  return { kind: "send", words: provenWords(door, proof.appointment), effects: async () => undefined };
}
