import { withTenant } from "@bookproof/postgres";
import type { Deps } from "../deps.ts";
import { confirmationKey } from "../domain/message-keys.ts";
import { enqueueMessage } from "./enqueue-message.ts";

/** Stores the confirmation of a booked call for the door; whoever asks, and however often, it is one. */
export async function askForConfirmation(
  deps: Deps,
  asked: {
    tenantId: string;
    cid: string;
    conversationId: string;
    appointmentId: string;
    /** E.164, or an e-mail address. */
    to: string;
    from: string;
  },
): Promise<{ id: string; created: boolean }> {
  const { tenantId, ...rest } = asked;
  const message = { ...rest, key: confirmationKey(asked.appointmentId), kind: "confirmation" as const };
  return withTenant(deps.pool, tenantId, (client) => enqueueMessage(client, tenantId, message));
}
