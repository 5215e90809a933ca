import type { Queryable } from "@bookproof/postgres";

/**
 * Moves the stage fields of the journey's conversation. A journey that is booked or waits for a human stays so: terminal
 * stages never go back, and only the conversation's present journey (`correlation_id`) is touched.
 */
export async function moveStage(
  client: Queryable,
  move: {
    tenantId: string;
    cid: string;
    stage: string;
    reason?: string | undefined;
    lastTool?: string | undefined;
    lastToolOk?: boolean | undefined;
    lastError?: string | undefined;
  },
): Promise<void> {
  await client.query(
    `UPDATE agent.conversations SET stage = $3, stage_reason = $4, last_tool = coalesce($5, last_tool),
       last_tool_ok = coalesce($6, last_tool_ok), last_error = coalesce($7, last_error), updated_at = now()
     WHERE tenant_id = $1 AND correlation_id = $2 AND coalesce(stage, '') NOT IN ('BOOKED', 'NEEDS_HUMAN')`,
    [
      move.tenantId,
      move.cid,
      move.stage,
      move.reason ?? null,
      move.lastTool ?? null,
      move.lastToolOk ?? null,
      move.lastError ?? null,
    ],
  );
}

/** Writes how a journey stands on its conversation. @returns its id and parties, or undefined when the journey is over. */
export async function recordJourneyOutcome(
  client: Queryable,
  outcome: {
    tenantId: string;
    cid: string;
    stage: string;
    reason: string;
    needsHuman: boolean;
    lastError: string;
    /** The hold whose CONFIRM ended so; an outcome that is about none leaves a CONFIRM that is on its way watched. */
    holdId: string;
  },
): Promise<{ conversationId: string; customerPhone: string } | undefined> {
  const { rows } = await client.query<{ id: string; customer_phone: string }>(
    `UPDATE agent.conversations SET stage = $3, stage_reason = nullif($4, ''), last_error = coalesce(nullif($6, ''), last_error),
       needs_human = needs_human OR $5, needs_human_at = CASE WHEN $5 THEN coalesce(needs_human_at, now()) ELSE needs_human_at END,
       journey_ended_at = CASE WHEN ($3 = 'BOOKED' OR $4 = 'cancelled') AND NOT needs_human THEN now() ELSE journey_ended_at END,
       confirming_hold_id = CASE WHEN confirming_hold_id::text = $7 THEN NULL ELSE confirming_hold_id END, updated_at = now()
     WHERE tenant_id = $1 AND correlation_id = $2 AND (coalesce(stage, '') <> 'BOOKED' OR $5 OR $3 = 'BOOKED')
     RETURNING id, customer_phone`,
    [
      outcome.tenantId,
      outcome.cid,
      outcome.stage,
      outcome.reason,
      outcome.needsHuman,
      outcome.lastError,
      outcome.holdId,
    ],
  );
  return rows[0] && { conversationId: rows[0].id, customerPhone: rows[0].customer_phone };
}

/**
 * P2: the conversation of two numbers, the customer's latest where the business's is not known, waits for a human, for a reason whose cid
 * is not its journey's: by that cid a human settles it too.
 */
export async function flagByPhone(
  client: Queryable,
  flag: { tenantId: string; customerPhone: string; tenantPhone: string; cid: string; reason: string },
): Promise<{ conversationId: string; customerPhone: string } | undefined> {
  const { rows } = await client.query<{ id: string }>(
    `UPDATE agent.conversations SET needs_human = true, needs_human_at = coalesce(needs_human_at, now()), updated_at = now(),
       stage = 'NEEDS_HUMAN', stage_reason = $5, escalated_cid = $4
     WHERE tenant_id = $1 AND id = (SELECT id FROM agent.conversations WHERE tenant_id = $1 AND customer_phone = $2
       ORDER BY tenant_phone = $3 DESC, updated_at DESC LIMIT 1)
     RETURNING id`,
    [flag.tenantId, flag.customerPhone, flag.tenantPhone, flag.cid, flag.reason],
  );
  return rows[0] && { conversationId: rows[0].id, customerPhone: flag.customerPhone };
}

/**
 * P2: a conversation waits for a human, whatever journey it is on by now; the stage is moved only where it is still the one that
 * `cid` names. @returns the cid of its present journey, or undefined where there is no such conversation.
 */
export async function flagForHuman(
  client: Queryable,
  flag: { tenantId: string; conversationId: string; cid: string; reason: string },
): Promise<string | undefined> {
  const { rows } = await client.query<{ correlation_id: string }>(
    `UPDATE agent.conversations SET needs_human = true, needs_human_at = coalesce(needs_human_at, now()), updated_at = now(),
       stage = CASE WHEN correlation_id = $3 THEN 'NEEDS_HUMAN' ELSE stage END,
       stage_reason = CASE WHEN correlation_id = $3 THEN $4 ELSE stage_reason END
     WHERE tenant_id = $1 AND id = $2 RETURNING correlation_id`,
    [flag.tenantId, flag.conversationId, flag.cid, flag.reason],
  );
  return rows[0]?.correlation_id;
}
