import { setTimeout as sleep } from "node:timers/promises";
import { withTenant } from "@bookproof/postgres";
import type { Deps } from "../deps.ts";
import { isUnsettled } from "../domain/delivery-status.ts";
import { type Message, selectMessage } from "../queries/messages.ts";

const lookEveryMs = 40;

/** A stored message as it is once the provider has answered, or when the caller's patience (`acceptanceWaitMs`) ends. */
export async function awaitAcceptance(deps: Deps, tenantId: string, messageId: string): Promise<Message> {
  const until = performance.now() + deps.config.times.acceptanceWaitMs;
  while (true) {
    const message = await withTenant(deps.pool, tenantId, (client) => selectMessage(client, tenantId, messageId));
    if (!message) throw new Error("a message that was stored is not there");
    if (!isUnsettled(message.status) || performance.now() >= until) return message;
    await sleep(lookEveryMs);
  }
}
