import { type Queryable, withTenant } from "@bookproof/postgres";
import type { Deps } from "../deps.ts";
import { phoneOf } from "../domain/phone-of.ts";
import { setStatus } from "../queries/message-status.ts";
import type { DoorMessage } from "./choice.ts";

/** Why a message is not sent although nothing failed. */
export type SkipReason = "internal_blocklist" | "customer_opted_out" | "already_told" | "no_longer_booked";

/** Ends a message unsent, and traces why. */
export async function skipMessage(deps: Deps, door: DoorMessage, reason: SkipReason): Promise<void> {
  await withTenant(deps.pool, door.tenantId, (client) => skipInTransaction(deps, client, door, reason));
}

export async function skipInTransaction(
  deps: Deps,
  client: Queryable,
  { tenantId, message, from }: DoorMessage,
  reason: SkipReason,
): Promise<void> {
  await setStatus(client, tenantId, message.id, { status: "blocked", error: reason });
  const { cid, to, key, kind } = message;
  const step = { direction: "outbound" as const, stage: "SKIP", reason, payload: { key, kind } };
  await deps.traceSmsFlow({ tenantId, cid, from, to: phoneOf(to), ...step }, client);
}
