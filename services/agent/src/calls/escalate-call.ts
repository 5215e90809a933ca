import type { Reason } from "@bookproof/errors";
import { enqueue, type Queryable } from "@bookproof/postgres";
import { alertedAttempt } from "../jobs/alerted-attempt.ts";
import { alertOwner } from "../jobs/definitions.ts";
import { markCallNeedsHuman } from "../queries/call-progress.ts";
import type { Call, RequestedByCall } from "../queries/calls.ts";
import { flagForHuman } from "../queries/conversation-stage.ts";

/** Flags a call and its conversation for a human and alerts the owner, in the caller's transaction (P2). */
export async function escalateCall(
  client: Queryable,
  call: Call,
  reason: Reason,
  requested: RequestedByCall = call.requested,
): Promise<void> {
  const { tenantId, cid } = call;
  await markCallNeedsHuman(client, call);
  if (call.conversationId) {
    await flagForHuman(client, { tenantId, conversationId: call.conversationId, cid, reason });
  }
  await enqueue(client, alertOwner, {
    tenantId,
    conversationId: call.conversationId,
    cid,
    attemptId: alertedAttempt(reason, tenantId, call.confirmingHoldId || call.holdId),
    reason,
    customerPhone: call.customerPhone,
    businessPhone: call.tenantPhone,
    customerName: requested.customerName ?? "",
    start: requested.start && new Date(requested.start).toISOString(),
    offeringName: requested.offeringName ?? "",
    calendarName: requested.calendarName ?? "",
    address: requested.address ?? "",
    customerText: "",
  });
}
