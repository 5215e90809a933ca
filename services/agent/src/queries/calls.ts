import type { Queryable } from "@bookproof/postgres";
import { z } from "zod";

const instant = z.iso.datetime({ offset: true });

const offeredSlot = z.object({
  start: instant,
  calendarId: z.string(),
  /** What the caller and the model heard of the calendar. */
  calendarName: z.string().default(""),
  offeringId: z.string(),
});
/** A slot a call was told of. */
export type OfferedToCall = z.infer<typeof offeredSlot>;

const requestedSchema = z.object({
  start: instant.optional(),
  expiresAt: instant.optional(),
  offeringId: z.string().optional(),
  offeringName: z.string().optional(),
  calendarName: z.string().optional(),
  customerName: z.string().optional(),
  customerEmail: z.string().optional(),
  address: z.string().optional(),
});
/** What is known of what a call is about. */
export type RequestedByCall = z.infer<typeof requestedSchema>;

export interface Call {
  tenantId: string;
  /** Vapi's id, or "hold:<hold id>"; "" for a request that belongs to no call yet, which has no row. */
  callId: string;
  cid: string;
  conversationId: string;
  /** E.164 or empty, as the tenant's. */
  customerPhone: string;
  tenantPhone: string;
  offered: OfferedToCall[];
  holdId: string;
  requested: RequestedByCall;
  codeSentAt: Date | undefined;
  codeChannel: "phone" | "email" | undefined;
  /** The hold whose CONFIRM booking decides about: no longer the call's to give back. */
  confirmingHoldId: string;
  /** Only what booking answered to be confirmed. */
  appointmentId: string;
  /** The hold it came from. */
  confirmedHoldId: string;
  slotLost: boolean;
  confirmationRequested: boolean;
  needsHuman: boolean;
  leadScore: number | undefined;
}

interface CallRow {
  call_id: string;
  correlation_id: string;
  conversation_id: string | null;
  customer_phone: string;
  tenant_phone: string;
  offered: unknown;
  hold_id: string | null;
  requested: unknown;
  code_sent_at: Date | null;
  code_channel: "phone" | "email" | null;
  confirming_hold_id: string | null;
  appointment_id: string | null;
  confirmed_hold_id: string | null;
  slot_lost_at: Date | null;
  confirmation_requested: boolean;
  needs_human: boolean;
  lead_score: number | null;
}

const columns = `call_id, correlation_id, conversation_id, customer_phone, tenant_phone, offered, hold_id, requested, code_sent_at,
  code_channel, confirming_hold_id, appointment_id, confirmed_hold_id, slot_lost_at, confirmation_requested, needs_human, lead_score`;

const toCall = (tenantId: string, row: CallRow): Call => ({
  tenantId,
  callId: row.call_id,
  cid: row.correlation_id,
  conversationId: row.conversation_id ?? "",
  customerPhone: row.customer_phone,
  tenantPhone: row.tenant_phone,
  offered: z.array(offeredSlot).parse(row.offered),
  holdId: row.hold_id ?? "",
  requested: requestedSchema.parse(row.requested),
  codeSentAt: row.code_sent_at ?? undefined,
  codeChannel: row.code_channel ?? undefined,
  confirmingHoldId: row.confirming_hold_id ?? "",
  appointmentId: row.appointment_id ?? "",
  confirmedHoldId: row.confirmed_hold_id ?? "",
  slotLost: row.slot_lost_at !== null,
  confirmationRequested: row.confirmation_requested,
  needsHuman: row.needs_human,
  leadScore: row.lead_score ?? undefined,
});

export async function selectCall(client: Queryable, tenantId: string, callId: string): Promise<Call | undefined> {
  const { rows } = await client.query<CallRow>(
    `SELECT ${columns} FROM agent.calls WHERE tenant_id = $1 AND call_id = $2`,
    [tenantId, callId],
  );
  return rows[0] && toCall(tenantId, rows[0]);
}

export async function selectCallOfAppointment(
  client: Queryable,
  tenantId: string,
  appointmentId: string,
): Promise<Call | undefined> {
  const { rows } = await client.query<CallRow>(
    `SELECT ${columns} FROM agent.calls WHERE tenant_id = $1 AND appointment_id = $2 ORDER BY created_at DESC LIMIT 1`,
    [tenantId, appointmentId],
  );
  return rows[0] && toCall(tenantId, rows[0]);
}

/** Stores a call that has begun; one that is known stays as it is. @returns what is stored. */
export async function insertCall(client: Queryable, call: Call): Promise<Call> {
  await client.query(
    `INSERT INTO agent.calls (tenant_id, call_id, correlation_id, conversation_id, customer_phone, tenant_phone)
     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
    [call.tenantId, call.callId, call.cid, call.conversationId || null, call.customerPhone, call.tenantPhone],
  );
  return (await selectCall(client, call.tenantId, call.callId)) ?? call;
}
