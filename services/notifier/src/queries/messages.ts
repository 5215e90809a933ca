import type { Queryable } from "@bookproof/postgres";
import type { MessageStatus } from "../domain/delivery-status.ts";
import { countStatus } from "./count-status.ts";

/** An outgoing message of any channel. */
export interface Message {
  id: string;
  key: string;
  cid: string;
  conversationId: string;
  escalationId: string | null;
  appointmentId: string | null;
  /** Of a notice of a change: the attempt that made it. */
  attemptId: string | null;
  recipient: "customer" | "owner";
  channel: "sms" | "voice" | "email";
  kind:
    | "free_text"
    | "booked"
    | "moved"
    | "cancelled"
    | "escalation"
    | "otp"
    | "confirmation"
    | "reminder"
    | "hot_lead"
    | "test_alert";
  /** E.164, or an e-mail address. */
  to: string;
  /** E.164; empty means the tenant's first number. */
  from: string;
  body: string;
  /** The words of the last intent to send; they may differ from what was asked for. */
  sentBody: string | null;
  status: MessageStatus;
  /** Twilio's sid, or the id of a mail; null until the provider accepted it. */
  providerSid: string | null;
  providerStatus: string;
  /** Why it ended unsent or unknown. */
  error: string | null;
  /** Twilio's code; 0 for none. */
  errorCode: number;
  sendingAt: Date | null;
  /** Since it was stored, in milliseconds of database time. */
  ageMs: number;
}

export type NewMessage = Pick<
  Message,
  | "key"
  | "cid"
  | "conversationId"
  | "escalationId"
  | "appointmentId"
  | "attemptId"
  | "recipient"
  | "channel"
  | "kind"
  | "to"
  | "from"
  | "body"
>;

const columns = `id, key, correlation_id AS cid, conversation_id AS "conversationId", escalation_id AS "escalationId",
  appointment_id AS "appointmentId", attempt_id AS "attemptId", recipient, channel, kind, to_address AS "to", from_e164 AS "from", body, sent_body AS "sentBody",
  status, provider_sid AS "providerSid", provider_status AS "providerStatus", error_message AS error, coalesce(error_code, 0) AS "errorCode", sending_at AS "sendingAt",
  (extract(epoch FROM clock_timestamp() - created_at) * 1000)::float8 AS "ageMs"`;

/** Stores a message, pending. The same key is the same message: `created` is false when it was there. */
export async function insertMessage(
  client: Queryable,
  tenantId: string,
  message: NewMessage,
): Promise<{ id: string; created: boolean }> {
  const { rows } = await client.query<{ id: string }>(
    `INSERT INTO notifier.messages (tenant_id, key, correlation_id, conversation_id, escalation_id, appointment_id, recipient, channel, kind,
       to_address, from_e164, body, attempt_id, status)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 'pending')
     ON CONFLICT (tenant_id, key) DO NOTHING
     RETURNING id`,
    [
      tenantId,
      message.key,
      message.cid,
      message.conversationId,
      message.escalationId,
      message.appointmentId,
      message.recipient,
      message.channel,
      message.kind,
      message.to,
      message.from,
      message.body,
      message.attemptId,
    ],
  );
  if (rows[0]) {
    countStatus(client, { kind: message.kind, status: "pending", was: null });
    return { id: rows[0].id, created: true };
  }
  const existing = await selectMessageByKey(client, tenantId, message.key);
  if (!existing) throw new Error("a message that conflicted is not there");
  return { id: existing.id, created: false };
}

export async function selectMessage(client: Queryable, tenantId: string, id: string): Promise<Message | undefined> {
  const { rows } = await client.query<Message>(
    `SELECT ${columns} FROM notifier.messages WHERE tenant_id = $1 AND id = $2`,
    [tenantId, id],
  );
  return rows[0];
}

export async function selectMessageByKey(
  client: Queryable,
  tenantId: string,
  key: string,
): Promise<Message | undefined> {
  const { rows } = await client.query<Message>(
    `SELECT ${columns} FROM notifier.messages WHERE tenant_id = $1 AND key = $2`,
    [tenantId, key],
  );
  return rows[0];
}

/** The message that Twilio knows by this sid, locked. */
export async function selectMessageBySid(
  client: Queryable,
  tenantId: string,
  sid: string,
): Promise<Message | undefined> {
  const { rows } = await client.query<Message>(
    `SELECT ${columns} FROM notifier.messages WHERE tenant_id = $1 AND provider_sid = $2 FOR UPDATE`,
    [tenantId, sid],
  );
  return rows[0];
}

/**
 * Whether an earlier text to the same customer is still on its way. A confirmation that waits for its proof holds nothing up, and
 * nothing is held up for more than five minutes but by what the provider refuses for now, which it would refuse of all.
 */
export async function isBehindAnother(client: Queryable, tenantId: string, message: Message): Promise<boolean> {
  const { rows } = await client.query(
    `SELECT 1 FROM notifier.messages AS earlier JOIN notifier.messages AS this ON this.tenant_id = earlier.tenant_id AND this.id = $2
     WHERE earlier.tenant_id = $1 AND earlier.to_address = $3 AND earlier.recipient = 'customer' AND earlier.id <> $2
       AND (earlier.status = 'sending' OR earlier.status = 'pending' AND earlier.kind NOT IN ('booked', 'confirmation', 'moved', 'cancelled'))
       AND earlier.created_at < this.created_at 
       AND (earlier.created_at > clock_timestamp() - interval '5 minutes' OR earlier.status = 'pending' AND earlier.error_message IS NOT NULL)
     LIMIT 1`,
    [tenantId, message.id, message.to],
  );
  return rows.length > 0;
}

/** Whether these words were already sent in this journey within ten minutes, by another message. */
export async function wasSaid(client: Queryable, tenantId: string, message: Message, words: string): Promise<boolean> {
  const { rows } = await client.query(
    `SELECT 1 FROM notifier.messages
     WHERE tenant_id = $1 AND correlation_id = $2 AND to_address = $3 AND id <> $4 AND sent_body = $5
       AND status NOT IN ('failed', 'undelivered', 'blocked') AND sending_at > clock_timestamp() - interval '10 minutes'
     LIMIT 1`,
    [tenantId, message.cid, message.to, message.id, words],
  );
  return rows.length > 0;
}

/** Which of these sids belong to messages we know. */
export async function selectKnownSids(
  client: Queryable,
  tenantId: string,
  sids: readonly string[],
): Promise<Set<string>> {
  const { rows } = await client.query<{ sid: string }>(
    "SELECT provider_sid AS sid FROM notifier.messages WHERE tenant_id = $1 AND provider_sid = ANY($2)",
    [tenantId, sids],
  );
  return new Set(rows.map(({ sid }) => sid));
}
