import { BookproofError } from "@bookproof/errors";
import { withTenant } from "@bookproof/postgres";
import { mustReach } from "../delivery/did-not-arrive.ts";
import type { Deps } from "../deps.ts";
import { FINALIZING_TEXT, SNAG_TEXT } from "../domain/customer-texts.ts";
import { notifyOwnerBookingFailure } from "../escalation/notify-owner-booking-failure.ts";
import { beginSending } from "../queries/message-status.ts";
import { wasSaid } from "../queries/messages.ts";
import { isOptedOut } from "../queries/opt-outs.ts";
import type { Choice, DoorMessage } from "./choice.ts";
import { skipInTransaction } from "./skip-message.ts";

/**
 * One transaction before a text leaves: what the choice brings about, and the intent to send. A customer who opted out, or who has
 * read the same neutral text in this journey already, is not written to.
 */
export async function prepareSending(
  deps: Deps,
  door: DoorMessage,
  choice: Choice & { kind: "send" },
): Promise<"go" | "skip"> {
  const { tenantId, message, from } = door;
  return withTenant(deps.pool, tenantId, async (client) => {
    await choice.effects(client);
    if (await isOptedOut(client, tenantId, message.to)) {
      await skipInTransaction(deps, client, door, "customer_opted_out");
      if (mustReach(message) || choice.words === SNAG_TEXT) {
        const { cid, conversationId, to: customerPhone } = message;
        const failure = { tenantId, cid, conversationId, customerPhone, reason: "customer_opted_out" };
        await notifyOwnerBookingFailure(deps, failure, client);
      }
      return "skip";
    }
    const isSaidOnce = choice.words === SNAG_TEXT || (message.kind !== "free_text" && choice.words === FINALIZING_TEXT);
    if (isSaidOnce && (await wasSaid(client, tenantId, message, choice.words))) {
      await skipInTransaction(deps, client, door, "already_told");
      return "skip";
    }
    const begun = await beginSending(client, tenantId, message.id, { from, words: choice.words });
    if (!begun) throw new BookproofError("unavailable", "The message changed while it was prepared, it is read again.");
    return "go";
  });
}
