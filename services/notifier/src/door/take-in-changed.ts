import { enqueue, type Queryable } from "@bookproof/postgres";
import { changeKey } from "../domain/message-keys.ts";
import { remindCustomer } from "../jobs/definitions.ts";
import { remindJobKey } from "../jobs/remind-customer.ts";
import { enqueueMessage } from "./enqueue-message.ts";

/** An appointment that was moved or cancelled, and whom to tell. */
export interface Changed {
  tenantId: string;
  cid: string;
  conversationId: string;
  appointmentId: string;
  attemptId: string;
  change: "move" | "cancel";
  /** E.164, or an e-mail address; empty where nobody can be told. */
  to: string;
  from: string;
  changedAt: Date;
}

/** What follows from a change: its notice, once an attempt, and after a move the reminder of the new time; the old one's finds it moved, and is not said. */
export async function takeInChanged(client: Queryable, { change, changedAt, ...changed }: Changed): Promise<void> {
  const { tenantId, attemptId, ...message } = changed;
  if (!changed.to) return;
  const kind = change === "move" ? "moved" : "cancelled";
  await enqueueMessage(client, tenantId, { ...message, attemptId, key: changeKey(kind, attemptId), kind });
  // The reminder of an appointment that is cancelled finds no proof, and is not said.
  if (change === "cancel") return;
  const reminder = { tenantId, ...message, bookedAt: changedAt.toISOString(), start: "" };
  await enqueue(client, remindCustomer, reminder, { key: remindJobKey(reminder) });
}
