import type { Queryable } from "@bookproof/postgres";
import type { Deps } from "../deps.ts";
import { phoneOf } from "../domain/phone-of.ts";
import type { Message } from "../queries/messages.ts";

/** Traces that a claim was stopped at the door. */
export async function traceBlockedClaim(
  deps: Deps,
  client: Queryable,
  blocked: { tenantId: string; message: Message; from: string; reason: string },
): Promise<void> {
  const { tenantId, message, from, reason } = blocked;
  await deps.traceSmsFlow(
    {
      tenantId,
      cid: message.cid,
      from,
      to: phoneOf(message.to),
      direction: "outbound",
      stage: "CLAIM_BLOCKED",
      reason,
      payload: { key: message.key, kind: message.kind, appointmentId: message.appointmentId ?? "" },
    },
    client,
  );
}
