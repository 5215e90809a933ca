import type { Queryable } from "@bookproof/postgres";
import type { Call, OfferedToCall, RequestedByCall } from "./calls.ts";

export async function storeOffered(client: Queryable, call: Call, offered: OfferedToCall[]): Promise<void> {
  await client.query("UPDATE agent.calls SET offered = $3, updated_at = now() WHERE tenant_id = $1 AND call_id = $2", [
    call.tenantId,
    call.callId,
    JSON.stringify(offered),
  ]);
}

/** A new hold: codes sent for another one count no more. */
export async function storeHold(
  client: Queryable,
  call: Call,
  held: { holdId: string; customerPhone: string; requested: RequestedByCall },
): Promise<void> {
  await client.query(
    `UPDATE agent.calls SET hold_id = $3, customer_phone = $4, requested = $5,
       code_sent_at = CASE WHEN hold_id = $3 THEN code_sent_at END, code_channel = CASE WHEN hold_id = $3 THEN code_channel END,
       slot_lost_at = NULL, updated_at = now()
     WHERE tenant_id = $1 AND call_id = $2`,
    [call.tenantId, call.callId, held.holdId, held.customerPhone, JSON.stringify(held.requested)],
  );
}

export async function storeCodeSent(client: Queryable, call: Call, channel: "phone" | "email"): Promise<void> {
  await client.query(
    `UPDATE agent.calls SET code_sent_at = now(), code_channel = $3, updated_at = now() WHERE tenant_id = $1 AND call_id = $2`,
    [call.tenantId, call.callId, channel],
  );
}

/** Notes that a CONFIRM is on its way and has no outcome yet. */
export async function storeConfirming(client: Queryable, call: Call, holdId: string, address: string): Promise<void> {
  await client.query(
    `UPDATE agent.calls SET confirming_hold_id = $3, updated_at = now(),
       requested = CASE WHEN $4 = '' THEN requested ELSE requested || jsonb_build_object('address', $4::text) END
     WHERE tenant_id = $1 AND call_id = $2`,
    [call.tenantId, call.callId, holdId, address],
  );
}

/** CONFIRM ended well: from here on the call has an appointment, and its hold is no longer one to give back. */
export async function storeConfirmed(
  client: Queryable,
  call: Call,
  confirmed: { holdId: string; appointmentId: string },
): Promise<void> {
  await client.query(
    `UPDATE agent.calls SET confirming_hold_id = NULL, hold_id = NULL, confirmed_hold_id = $3, appointment_id = $4,
       confirmation_requested = confirmation_requested AND appointment_id IS NOT DISTINCT FROM $4, updated_at = now()
     WHERE tenant_id = $1 AND call_id = $2`,
    [call.tenantId, call.callId, confirmed.holdId, confirmed.appointmentId],
  );
}

/** A CONFIRM that ended before it could book anything: the hold is the call's to give back again. */
export async function storeNotConfirmed(client: Queryable, call: Call, outcome: { slotLost: boolean }): Promise<void> {
  await client.query(
    `UPDATE agent.calls SET confirming_hold_id = NULL, slot_lost_at = CASE WHEN $3 THEN now() ELSE slot_lost_at END,
       updated_at = now()
     WHERE tenant_id = $1 AND call_id = $2`,
    [call.tenantId, call.callId, outcome.slotLost],
  );
}

export async function markConfirmationRequested(client: Queryable, call: Call): Promise<void> {
  await client.query(
    "UPDATE agent.calls SET confirmation_requested = true, updated_at = now() WHERE tenant_id = $1 AND call_id = $2",
    [call.tenantId, call.callId],
  );
}

export async function markCallNeedsHuman(client: Queryable, call: Call): Promise<void> {
  await client.query(
    "UPDATE agent.calls SET needs_human = true, updated_at = now() WHERE tenant_id = $1 AND call_id = $2",
    [call.tenantId, call.callId],
  );
}
