import type { Queryable } from "@bookproof/postgres";
import { z } from "zod";
import { attemptEndReasons, endsAttempt } from "../domain/escalation-identity.ts";

/** What the customer asked for, as it is kept. */
export const requestedSchema = z.object({
  customerPhone: z.string(),
  customerName: z.string(),
  /** RFC 3339; empty when no time was chosen. */
  start: z.string(),
  offeringName: z.string(),
  calendarName: z.string(),
  address: z.string(),
  note: z.string().default(""),
  linkPath: z.string().default(""),
});
export type Requested = z.infer<typeof requestedSchema>;

export interface Escalation {
  id: string;
  key: string;
  attemptId: string | null;
  cid: string;
  conversationId: string;
  reason: string;
  ref: string;
  requested: Requested;
  status: "open" | "alerted" | "undeliverable" | "resolved";
  /** 1, and one more each time every channel has failed. */
  round: number;
}

export type NewEscalation = Omit<Escalation, "status" | "round">;

const columns = `id, key, attempt_id AS "attemptId", correlation_id AS cid, conversation_id AS "conversationId", reason, ref, requested,
  status, alert_round AS round`;

const toEscalation = (row: Escalation): Escalation => ({ ...row, requested: requestedSchema.parse(row.requested) });

/**
 * The open escalation that tells of the same thing: same key, or, where one of the two knows no attempt, the end of a CONFIRM
 * in the same journey. Others that raise one in this journey wait until the transaction ends.
 */
export async function selectSameEscalation(
  client: Queryable,
  tenantId: string,
  escalation: NewEscalation,
): Promise<Escalation | undefined> {
  await client.query("SELECT pg_advisory_xact_lock(hashtextextended($1 || ' ' || $2, 8))", [tenantId, escalation.cid]);
  const { rows } = await client.query<Escalation>(
    `SELECT ${columns} FROM notifier.escalations
     WHERE tenant_id = $1 AND (key = $2 OR
       correlation_id = $3 AND $4 AND reason = ANY($5) AND status <> 'resolved' AND (attempt_id IS NULL OR $6::uuid IS NULL))
     ORDER BY (key = $2) DESC, created_at LIMIT 1`,
    [tenantId, escalation.key, escalation.cid, endsAttempt(escalation.reason), attemptEndReasons, escalation.attemptId],
  );
  return rows[0] && toEscalation(rows[0]);
}

/** Whether the escalation of an attempt was closed. */
export async function isSettled(client: Queryable, tenantId: string, attemptId: string): Promise<boolean> {
  const { rows } = await client.query(
    "SELECT 1 FROM notifier.escalations WHERE tenant_id = $1 AND (key = $2::text OR attempt_id = $2::text::uuid) AND status = 'resolved' LIMIT 1",
    [tenantId, attemptId],
  );
  return rows.length > 0;
}

/** Stores a new one, open. */
export async function insertEscalation(client: Queryable, tenantId: string, escalation: NewEscalation): Promise<void> {
  await client.query(
    `INSERT INTO notifier.escalations (tenant_id, id, key, attempt_id, correlation_id, conversation_id, reason, ref, requested, status)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'open')`,
    [
      tenantId,
      escalation.id,
      escalation.key,
      escalation.attemptId,
      escalation.cid,
      escalation.conversationId,
      escalation.reason,
      escalation.ref,
      JSON.stringify(escalation.requested),
    ],
  );
}

/** Lets an escalation that knew no attempt know it, so that the next attempt of its journey is another. */
export async function adoptAttempt(client: Queryable, tenantId: string, id: string, attemptId: string): Promise<void> {
  await client.query(
    "UPDATE notifier.escalations SET attempt_id = $3 WHERE tenant_id = $1 AND id = $2 AND attempt_id IS NULL",
    [tenantId, id, attemptId],
  );
}

export async function selectEscalation(
  client: Queryable,
  tenantId: string,
  id: string,
): Promise<Escalation | undefined> {
  const { rows } = await client.query<Escalation>(
    `SELECT ${columns} FROM notifier.escalations WHERE tenant_id = $1 AND id = $2`,
    [tenantId, id],
  );
  return rows[0] && toEscalation(rows[0]);
}

/** Puts an escalation on the journey, and the conversation, that was found to be its own. */
export async function linkToConversation(
  client: Queryable,
  tenantId: string,
  link: { id: string; cid: string; conversationId: string },
): Promise<void> {
  await client.query(
    "UPDATE notifier.escalations SET correlation_id = $3, conversation_id = $4 WHERE tenant_id = $1 AND id = $2",
    [tenantId, link.id, link.cid, link.conversationId],
  );
}

/** Lets nobody resolve an escalation before the transaction ends. @returns false where it is resolved already. */
export async function lockUnresolved(client: Queryable, tenantId: string, id: string): Promise<boolean> {
  const { rowCount } = await client.query(
    "SELECT 1 FROM notifier.escalations WHERE tenant_id = $1 AND id = $2 AND status <> 'resolved' FOR UPDATE",
    [tenantId, id],
  );
  return rowCount === 1;
}

/** Whether an alert of an escalation has left, or is about to. */
export async function mayBeHeard(client: Queryable, tenantId: string, id: string): Promise<boolean> {
  const { rows } = await client.query(
    "SELECT 1 FROM notifier.messages WHERE tenant_id = $1 AND escalation_id = $2 AND status <> 'failed' LIMIT 1",
    [tenantId, id],
  );
  return rows.length > 0;
}

/** @returns how long the owner was not alerted, in milliseconds; undefined where a channel had taken an alert before. */
export async function markAlerted(client: Queryable, tenantId: string, id: string): Promise<number | undefined> {
  const { rows } = await client.query<{ tookMs: number | null }>(
    `UPDATE notifier.escalations AS escalation SET status = 'alerted', alerted_at = coalesce(escalation.alerted_at, clock_timestamp())
     FROM (SELECT id, alerted_at FROM notifier.escalations WHERE tenant_id = $1 AND id = $2 FOR UPDATE) AS before
     WHERE escalation.tenant_id = $1 AND escalation.id = before.id AND escalation.status <> 'resolved'
     RETURNING CASE WHEN before.alerted_at IS NULL
       THEN (extract(epoch FROM escalation.alerted_at - escalation.created_at) * 1000)::float8 END AS "tookMs"`,
    [tenantId, id],
  );
  return rows[0]?.tookMs ?? undefined;
}

/** Every channel has failed: the next round has begun. */
export async function markUndeliverable(client: Queryable, tenantId: string, id: string): Promise<void> {
  await client.query(
    `UPDATE notifier.escalations SET status = 'undeliverable', alert_round = alert_round + 1
     WHERE tenant_id = $1 AND id = $2 AND status <> 'resolved'`,
    [tenantId, id],
  );
}

/** Closes a journey's open escalations, of one reason or of all. @returns those closed, with the status they had. */
export async function resolveEscalations(
  client: Queryable,
  tenantId: string,
  cid: string,
  reason: string | null = null,
): Promise<{ id: string; was: Escalation["status"] }[]> {
  const { rows } = await client.query<{ id: string; was: Escalation["status"] }>(
    `UPDATE notifier.escalations AS escalation SET status = 'resolved', resolved_at = clock_timestamp()
     FROM (SELECT id, status FROM notifier.escalations
           WHERE tenant_id = $1 AND correlation_id = $2 AND status <> 'resolved' AND ($3::text IS NULL OR reason = $3) FOR UPDATE) AS open
     WHERE escalation.tenant_id = $1 AND escalation.id = open.id
     RETURNING escalation.id, open.status AS was`,
    [tenantId, cid, reason],
  );
  return rows;
}
