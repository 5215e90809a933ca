import { enqueue, type Queryable } from "@bookproof/postgres";
import { deliverMessage } from "../jobs/definitions.ts";
import { insertMessage, type NewMessage } from "../queries/messages.ts";

/** A message through the door: to a customer unless it says otherwise. What is left out is empty. */
export type OutgoingMessage = Pick<NewMessage, "key" | "cid" | "to" | "kind"> &
  Partial<
    Pick<NewMessage, "conversationId" | "appointmentId" | "attemptId" | "from" | "body" | "recipient" | "channel">
  >;

/**
 * Stores a message and the job that delivers it, by e-mail where `to` is an address, else as a text. The same key is one
 * message and one job.
 */
export async function enqueueMessage(
  client: Queryable,
  tenantId: string,
  message: OutgoingMessage,
  options: { delayMs?: number } = {},
): Promise<{ id: string; created: boolean }> {
  const { to, kind } = message;
  const stored = await insertMessage(client, tenantId, {
    conversationId: "",
    appointmentId: null,
    attemptId: null,
    from: "",
    body: "",
    recipient: "customer",
    channel: to.includes("@") ? "email" : "sms",
    ...message,
    escalationId: null,
  });
  if (stored.created) {
    const job = { tenantId, messageId: stored.id, to, urgent: kind === "otp" };
    await enqueue(client, deliverMessage, job, options);
  }
  return stored;
}
