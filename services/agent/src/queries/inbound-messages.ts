import type { Queryable } from "@bookproof/postgres";

export interface InboundMessage {
  messageSid: string;
  body: string;
  numMedia: number;
  cid: string;
  /** W3C, of the span in which it came in. */
  traceparent: string | undefined;
}

/** Claims a MessageSid: the one defence against a webhook that comes twice. @returns false when it was taken in before. */
export async function insertInboundMessage(
  client: Queryable,
  message: {
    tenantId: string;
    messageSid: string;
    conversationId: string | null;
    cid: string;
    from: string;
    to: string;
    body: string;
    numMedia: number;
    disposition:
      | "accepted"
      | "reaction_ignored"
      | "blocked"
      | "opt_out_recorded"
      | "left_to_human"
      | "test_alert_acknowledged";
    /** When it reached Twilio, where it is taken in later than that. */
    sentAt: Date | undefined;
    /** W3C, of the span in which it came in. */
    traceparent: string | undefined;
  },
): Promise<boolean> {
  const { rowCount } = await client.query(
    `INSERT INTO agent.inbound_messages (tenant_id, message_sid, conversation_id, correlation_id, from_e164, to_e164, body, num_media, disposition, received_at, traceparent)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, least(clock_timestamp(), $10), $11) ON CONFLICT DO NOTHING`,
    [
      message.tenantId,
      message.messageSid,
      message.conversationId,
      message.cid,
      message.from,
      message.to,
      message.body,
      message.numMedia,
      message.disposition,
      message.sentAt ?? null,
      message.traceparent ?? null,
    ],
  );
  return rowCount === 1;
}

/** Where a message that was taken in before belongs. */
export async function selectMessagePlace(
  client: Queryable,
  tenantId: string,
  messageSid: string,
): Promise<{ conversationId: string; cid: string } | undefined> {
  const { rows } = await client.query<{ conversation_id: string | null; correlation_id: string }>(
    "SELECT conversation_id, correlation_id FROM agent.inbound_messages WHERE tenant_id = $1 AND message_sid = $2",
    [tenantId, messageSid],
  );
  return rows[0] && { conversationId: rows[0].conversation_id ?? "", cid: rows[0].correlation_id };
}

/** Which of some MessageSids were never taken in. */
export async function selectMissingSids(
  client: Queryable,
  tenantId: string,
  messageSids: readonly string[],
): Promise<string[]> {
  const { rows } = await client.query<{ sid: string }>(
    `SELECT asked.sid FROM unnest($2::text[]) WITH ORDINALITY AS asked (sid, position)
     WHERE NOT EXISTS (SELECT 1 FROM agent.inbound_messages WHERE tenant_id = $1 AND message_sid = asked.sid) ORDER BY position`,
    [tenantId, messageSids],
  );
  return rows.map(({ sid }) => sid);
}

/** What a conversation's customer wrote and no turn has read, oldest first. */
export async function selectUnread(
  client: Queryable,
  tenantId: string,
  conversationId: string,
): Promise<InboundMessage[]> {
  const { rows } = await client.query<{
    message_sid: string;
    body: string;
    num_media: number;
    correlation_id: string;
    traceparent: string | null;
  }>(
    `SELECT message_sid, body, num_media, correlation_id, traceparent FROM agent.inbound_messages
     WHERE tenant_id = $1 AND conversation_id = $2 AND read_at IS NULL AND disposition = 'accepted'
     ORDER BY received_at, message_sid`,
    [tenantId, conversationId],
  );
  return rows.map((row) => ({
    messageSid: row.message_sid,
    body: row.body,
    numMedia: row.num_media,
    cid: row.correlation_id,
    traceparent: row.traceparent ?? undefined,
  }));
}

export async function isUnread(client: Queryable, tenantId: string, messageSid: string): Promise<boolean> {
  const { rows } = await client.query(
    "SELECT 1 FROM agent.inbound_messages WHERE tenant_id = $1 AND message_sid = $2 AND read_at IS NULL AND disposition = 'accepted'",
    [tenantId, messageSid],
  );
  return rows.length > 0;
}

export async function markRead(client: Queryable, tenantId: string, messageSids: string[]): Promise<void> {
  await client.query(
    "UPDATE agent.inbound_messages SET read_at = clock_timestamp() WHERE tenant_id = $1 AND message_sid = ANY ($2)",
    [tenantId, messageSids],
  );
}
