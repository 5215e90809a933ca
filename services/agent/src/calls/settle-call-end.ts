import { claimsBooking, claimsChange } from "@bookproof/claim-check";
import { enqueue, type Queryable } from "@bookproof/postgres";
import type { Deps } from "../deps.ts";
import type { LeadScore } from "../domain/voice/lead-score.ts";
import { alertHotLead, releaseHold, sendCallConfirmation } from "../jobs/voice-definitions.ts";
import { markConfirmationRequested } from "../queries/call-progress.ts";
import type { Call } from "../queries/calls.ts";
import { insertHotLeadAlert } from "../queries/ended-calls.ts";
import { escalateCall } from "./escalate-call.ts";

/** What a call leaves behind: its hold given back, its confirmation sent, a hot lead and unproven words told to the owner. */
export async function settleCallEnd(
  deps: Deps,
  client: Queryable,
  call: Call,
  ended: { lead: LeadScore; assistantLines: string[] },
): Promise<void> {
  // A CONFIRM under way decides about its hold itself.
  if (call.holdId && call.holdId !== call.confirmingHoldId) {
    await enqueue(client, releaseHold, { tenantId: call.tenantId, holdId: call.holdId });
  }
  if (call.appointmentId && !call.confirmationRequested) await sendConfirmation(client, call);
  if (call.slotLost && !call.appointmentId) await escalateCall(client, call, "slot_lost_after_confirm");
  if (ended.lead.isHot) await alertOfHotLead(client, call, ended.lead.score);
  // P1: only the proof of a booking covers words of a booking, and nothing covers words of a move.
  const claims = call.appointmentId ? claimsChange : claimsBooking;
  if (ended.assistantLines.some(claims)) await escalateClaim(deps, client, call);
}

async function sendConfirmation(client: Queryable, call: Call): Promise<void> {
  const { tenantId, cid, conversationId, appointmentId } = call;
  await markConfirmationRequested(client, call);
  // No number: the notifier takes the appointment's own.
  await enqueue(client, sendCallConfirmation, { tenantId, cid, conversationId, appointmentId, phone: "" });
}

async function alertOfHotLead(client: Queryable, call: Call, score: number): Promise<void> {
  const { tenantId, cid, callId, customerPhone, requested } = call;
  const customerName = requested.customerName ?? "";
  const offeringName = requested.offeringName ?? "";
  const bookedStart = call.appointmentId ? requested.start : undefined;
  const lead = { tenantId, callId, customerName, customerPhone, offeringName, bookedStart };
  if (await insertHotLeadAlert(client, { ...lead, leadScore: score })) {
    await enqueue(client, alertHotLead, { ...lead, cid, score });
  }
}

async function escalateClaim(deps: Deps, client: Queryable, call: Call): Promise<void> {
  const { tenantId, cid, customerPhone } = call;
  await deps.traceSmsFlow(
    {
      tenantId,
      cid,
      from: customerPhone,
      direction: "internal",
      stage: "CLAIM_BLOCKED",
      reason: "said_in_call_without_proof",
      payload: { callId: call.callId },
    },
    client,
  );
  await escalateCall(client, call, "claim_blocked");
}
