import { enqueue, type Queryable } from "@bookproof/postgres";
import { deliverMessage } from "../jobs/definitions.ts";
import { insertMessage, type NewMessage } from "../queries/messages.ts";

/** A text to a customer; what is left out is empty. */
export type CustomerMessage = Pick<NewMessage, "key" | "cid" | "to" | "kind"> &
  Partial<Pick<NewMessage, "conversationId" | "appointmentId" | "from" | "body">>;

/** Stores a customer's text and the job that delivers it. The same key is one message and one job. */
export async function enqueueMessage(
  client: Queryable,
  tenantId: string,
  message: CustomerMessage,
  options: { delayMs?: number } = {},
): Promise<{ id: string; created: boolean }> {
  const stored = await insertMessage(client, tenantId, {
    conversationId: "",
    appointmentId: null,
    from: "",
    body: "",
    ...message,
    escalationId: null,
    recipient: "customer",
    channel: "sms",
  });
  if (stored.created) {
    await enqueue(client, deliverMessage, { tenantId, messageId: stored.id, to: message.to }, options);
  }
  return stored;
}

/** The key of a booking's confirmation: whoever asks for it, an appointment is confirmed to its customer once. */
export function bookedKey(appointmentId: string): string {
  return `booked:${appointmentId}`;
}
