import type { Reason } from "@bookproof/errors";
import { afterCommit, type Queryable } from "@bookproof/postgres";
import { countClaimBlocked } from "@bookproof/telemetry";
import type { Deps } from "../deps.ts";
import { SNAG_TEXT } from "../domain/customer-texts.ts";
import { phoneOf } from "../domain/phone-of.ts";
import type { Message } from "../queries/messages.ts";

/**
 * Traces that a claim was stopped at the door, and counts it with the first intent to say something else: a message whose send has to
 * be tried again is prepared again.
 */
export async function traceBlockedClaim(
  deps: Deps,
  client: Queryable,
  blocked: { tenantId: string; message: Message; from: string; reason: Reason },
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
  if (message.sentBody !== SNAG_TEXT) afterCommit(client, () => countClaimBlocked({ reason }));
}
