import type { Queryable } from "@bookproof/postgres";

export interface Conversation {
  id: string;
  customerPhone: string;
  tenantPhone: string;
  cid: string;
  stage: string;
  needsHuman: boolean;
  pauseAnnounced: boolean;
  confirmingHoldId: string | undefined;
  dialogueState: unknown;
}

interface ConversationRow {
  id: string;
  customer_phone: string;
  tenant_phone: string;
  correlation_id: string;
  stage: string | null;
  needs_human: boolean;
  pause_announced: boolean;
  confirming_hold_id: string | null;
  dialogue_state: unknown;
}

const columns =
  "id, customer_phone, tenant_phone, correlation_id, stage, needs_human, pause_announced, confirming_hold_id, dialogue_state";

const toConversation = (row: ConversationRow): Conversation => ({
  id: row.id,
  customerPhone: row.customer_phone,
  tenantPhone: row.tenant_phone,
  cid: row.correlation_id,
  stage: row.stage ?? "",
  needsHuman: row.needs_human,
  pauseAnnounced: row.pause_announced,
  confirmingHoldId: row.confirming_hold_id ?? undefined,
  dialogueState: row.dialogue_state,
});

/**
 * Finds or begins the conversation of two numbers and settles its journey's cid: kept within a journey; `freshCid` at the
 * first inbound after the journey ended or after 24 hours of silence. What a new journey keeps is who the customer is.
 */
export async function openConversation(
  client: Queryable,
  parties: { tenantId: string; customerPhone: string; tenantPhone: string; freshCid: string },
): Promise<Conversation> {
  const { rows } = await client.query<ConversationRow>(
    `INSERT INTO agent.conversations AS c (tenant_id, customer_phone, tenant_phone, correlation_id, stage)
     VALUES ($1, $2, $3, $4, 'INBOUND')
     ON CONFLICT ON CONSTRAINT uq_conversations_parties DO UPDATE SET
       last_inbound_at = now(),
       updated_at = now(),
       correlation_id = CASE WHEN agent.journey_is_over(c) THEN $4 ELSE c.correlation_id END,
       stage = CASE WHEN agent.journey_is_over(c) THEN 'INBOUND' ELSE c.stage END,
       stage_reason = CASE WHEN agent.journey_is_over(c) THEN NULL ELSE c.stage_reason END,
       last_error = CASE WHEN agent.journey_is_over(c) THEN NULL ELSE c.last_error END,
       last_tool = CASE WHEN agent.journey_is_over(c) THEN NULL ELSE c.last_tool END,
       last_tool_ok = CASE WHEN agent.journey_is_over(c) THEN NULL ELSE c.last_tool_ok END,
       dialogue_state = CASE WHEN agent.journey_is_over(c) THEN agent.lasting_dialogue_state(c.dialogue_state) ELSE c.dialogue_state END,
       journey_ended_at = NULL
     RETURNING ${columns}`,
    [parties.tenantId, parties.customerPhone, parties.tenantPhone, parties.freshCid],
  );
  if (!rows[0]) throw new Error("the conversation's upsert returned no row");
  return toConversation(rows[0]);
}

/** The cid of the journey that two numbers are on, if they ever wrote. */
export async function selectCid(
  client: Queryable,
  parties: { tenantId: string; customerPhone: string; tenantPhone: string },
): Promise<string | undefined> {
  const { rows } = await client.query<{ correlation_id: string }>(
    "SELECT correlation_id FROM agent.conversations WHERE tenant_id = $1 AND customer_phone = $2 AND tenant_phone = $3",
    [parties.tenantId, parties.customerPhone, parties.tenantPhone],
  );
  return rows[0]?.correlation_id;
}

export async function selectConversation(
  client: Queryable,
  tenantId: string,
  id: string,
): Promise<Conversation | undefined> {
  const { rows } = await client.query<ConversationRow>(
    `SELECT ${columns} FROM agent.conversations WHERE tenant_id = $1 AND id = $2`,
    [tenantId, id],
  );
  return rows[0] && toConversation(rows[0]);
}

/** Locks a conversation for this transaction, so that what is decided on it still holds when it is written. */
export async function lockConversation(
  client: Queryable,
  tenantId: string,
  id: string,
): Promise<Conversation | undefined> {
  await client.query("SELECT 1 FROM agent.conversations WHERE tenant_id = $1 AND id = $2 FOR UPDATE", [tenantId, id]);
  return selectConversation(client, tenantId, id);
}

/** Stores what a turn left behind. Where a new journey began meanwhile, it only inherits what lasts. */
export async function storeDialogueState(
  client: Queryable,
  tenantId: string,
  turn: { conversationId: string; cid: string; state: unknown; confirmSettled: boolean },
): Promise<void> {
  await client.query(
    `UPDATE agent.conversations SET updated_at = now(),
       dialogue_state = CASE WHEN correlation_id = $5 THEN $3::jsonb ELSE agent.lasting_dialogue_state($3::jsonb) END,
       confirming_hold_id = CASE WHEN $4 THEN NULL ELSE confirming_hold_id END
     WHERE tenant_id = $1 AND id = $2`,
    [tenantId, turn.conversationId, JSON.stringify(turn.state), turn.confirmSettled, turn.cid],
  );
}

export async function markPauseAnnounced(client: Queryable, tenantId: string, id: string): Promise<void> {
  await client.query("UPDATE agent.conversations SET pause_announced = true WHERE tenant_id = $1 AND id = $2", [
    tenantId,
    id,
  ]);
}

/** Notes that a CONFIRM is on its way and has no outcome yet. */
export async function markConfirming(client: Queryable, tenantId: string, id: string, holdId: string): Promise<void> {
  await client.query("UPDATE agent.conversations SET confirming_hold_id = $3 WHERE tenant_id = $1 AND id = $2", [
    tenantId,
    id,
    holdId,
  ]);
}

/** A human has settled the journey: the bot speaks again, and the next inbound begins a new journey. */
export async function settleByHuman(
  client: Queryable,
  tenantId: string,
  cid: string,
): Promise<{ wasWaiting: boolean; cids: string[] } | undefined> {
  const { rows } = await client.query<{ was_waiting: boolean; cids: string[] }>(
    `WITH before AS (SELECT id, needs_human, array_remove(ARRAY[correlation_id, escalated_cid], NULL) AS cids FROM agent.conversations
       WHERE tenant_id = $1 AND (correlation_id = $2 OR escalated_cid = $2) FOR UPDATE)
     UPDATE agent.conversations c SET needs_human = false, needs_human_at = NULL, pause_announced = false, confirming_hold_id = NULL,
       escalated_cid = NULL, journey_ended_at = coalesce(journey_ended_at, now()), updated_at = now()
     FROM before WHERE c.tenant_id = $1 AND c.id = before.id
     RETURNING before.needs_human AS was_waiting, before.cids`,
    [tenantId, cid],
  );
  return rows[0] && { wasWaiting: rows[0].was_waiting, cids: rows[0].cids };
}
