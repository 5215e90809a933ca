import { withTenant } from "@bookproof/postgres";
import type { Deps } from "../deps.ts";
import { selectConversation } from "../queries/conversations.ts";
import { isUnread, markRead } from "../queries/inbound-messages.ts";
import { escalateConversation, requestedSlot } from "../turns/run-turn.ts";

const humanText = "I hit a snag answering you. A human will text you shortly.";

interface UnreadRef {
  tenantId: string;
  conversationId: string;
  messageSid: string;
}

/** P2: a message that no turn has read in time goes to the owner. */
export async function runCheckUnread(deps: Deps, { tenantId, conversationId, messageSid }: UnreadRef): Promise<void> {
  await withTenant(deps.pool, tenantId, async (client) => {
    if (!(await isUnread(client, tenantId, messageSid))) return;
    const conversation = await selectConversation(client, tenantId, conversationId);
    if (!conversation) return;
    await escalateConversation(client, {
      tenantId,
      conversation,
      requested: requestedSlot(conversation),
      reason: "message_unread",
    });
  });
}

/** P2: a turn that failed for the last time ends at a human; its messages count as read, or they would fail every turn to come. */
export async function giveUpTurn(
  deps: Deps,
  tenantId: string,
  conversationId: string,
  messageSids: string[],
): Promise<void> {
  await withTenant(deps.pool, tenantId, async (client) => {
    const conversation = await selectConversation(client, tenantId, conversationId);
    if (!conversation) return;
    await markRead(client, tenantId, messageSids);
    await escalateConversation(client, {
      tenantId,
      conversation,
      requested: requestedSlot(conversation),
      reason: "turn_failed",
      customerText: humanText,
    });
  });
}
