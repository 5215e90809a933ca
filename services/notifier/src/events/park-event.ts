import { hasReason } from "@bookproof/errors";
import type { PoisonEvent } from "@bookproof/events";
import { withTenant, withTransaction } from "@bookproof/postgres";
import { z } from "zod";
import type { Deps } from "../deps.ts";
import { notifyOwnerBookingFailure } from "../escalation/notify-owner-booking-failure.ts";
import { insertParkedEvent } from "../queries/parked-events.ts";

const cidForm = /^[\w.:-]{1,200}$/;

/**
 * Keeps a message that can never be handled, so that those behind it are. P2: somebody's CONFIRM may have failed with it, so where
 * its key names a tenant of ours the owner hears of it in the same transaction, unless the same journey has an alert already.
 */
export async function parkEvent(deps: Deps, poison: PoisonEvent): Promise<void> {
  const tenantId = await knownTenant(deps, poison.tenantId);
  if (tenantId === undefined) {
    await withTransaction(deps.pool, (client) => insertParkedEvent(client, { ...poison, tenantId: null }));
    return;
  }
  const { key, headers, topic, partition, offset } = poison;
  // Whatever is wrong with the message may be wrong with these too.
  const cid = cidForm.test(headers.cid ?? "") ? (headers.cid ?? "") : `${topic}-${partition}-${offset}`;
  const named = key.slice(tenantId.length + 1);
  const conversationId = z.guid().safeParse(named).success ? named : "";
  const failure = { tenantId, cid, conversationId, reason: "booking_outcome_unknown", customerPhone: "" } as const;
  await withTenant(deps.pool, tenantId, async (client) => {
    await insertParkedEvent(client, { ...poison, tenantId });
    await notifyOwnerBookingFailure(deps, { ...failure, cause: "invalid_argument" }, client);
  });
}

/** Undefined where the key names nobody; one that cannot be looked up now is looked up at the next try. */
async function knownTenant(deps: Deps, tenantId: string): Promise<string | undefined> {
  if (!z.guid().safeParse(tenantId).success) return undefined;
  try {
    return (await deps.connections.get(tenantId)).tenantId;
  } catch (error) {
    if (hasReason(error, "tenant_not_found")) return undefined;
    throw error;
  }
}
