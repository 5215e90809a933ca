import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { SeedTenant } from "./tenant-of-seed.ts";
import type { World } from "./world.ts";

/** Waits for something that need not happen: whoever books in time makes them idle, and no promise hangs on them. */
const idleTasks = [
  "check_unread",
  "watch_confirm",
  "watch_call_confirm",
  "remind_customer",
  "end_kept_slot",
  "check_delivery",
  "alert_hot_lead",
];

const openSchema = z.object({ what: z.string(), count: z.coerce.number() });

/**
 * What of a tenant is still under way: attempts, unread texts, CONFIRMs without an outcome, jobs. A job whose key was taken by
 * a newer one while a worker had it is used up (the library sets its attempts to the most): if that worker died it only lies there.
 */
const jobsOf = (service: string) => `
  SELECT 'job ' || task.identifier || CASE WHEN job.locked_at IS NOT NULL THEN ', running' ELSE '' END, count(*) FROM ${service}_jobs._private_jobs AS job
  JOIN ${service}_jobs._private_tasks AS task ON task.id = job.task_id
  WHERE job.payload::jsonb #>> '{payload,tenantId}' = $1::text AND task.identifier <> ALL ($2)
    AND (job.locked_at IS NOT NULL OR job.attempts < job.max_attempts)
    AND ($3 OR task.identifier <> 'take_back' OR coalesce((job.payload::jsonb #>> '{payload,absentSightings}')::int, 0) < 1)
  GROUP BY 1`;
const openSql = `
  SELECT 'attempt started' AS what, count(*) FROM booking.booking_attempts WHERE tenant_id = $1::uuid AND status = 'started'
  UNION ALL SELECT 'CONFIRM without an outcome', count(*) FROM agent.conversations
    WHERE tenant_id = $1::uuid AND confirming_hold_id IS NOT NULL AND NOT needs_human
  UNION ALL SELECT 'text unread', count(*) FROM agent.inbound_messages AS message
    JOIN agent.conversations AS conversation USING (tenant_id) WHERE tenant_id = $1::uuid AND conversation.id = message.conversation_id
      AND disposition = 'accepted' AND read_at IS NULL AND NOT needs_human
  UNION ALL SELECT 'text not taken in', count(*) FROM unnest($4::text[]) AS sid
    WHERE NOT EXISTS (SELECT FROM agent.inbound_messages WHERE tenant_id = $1::uuid AND message_sid = sid)
  ${["agent", "booking", "notifier"].map((service) => `UNION ALL ${jobsOf(service)} `).join("")}`;

/** What is not settled yet, e.g. ["attempt started", "job take_turn"]. */
async function open(world: World, { id, business }: SeedTenant, allTakeBacks: boolean): Promise<string[]> {
  const sent = world.twilio.ledger.messages({ to: business, direction: "inbound" }).map(({ sid }) => sid);
  // Named: planning it takes longer than answering it.
  const query = { name: "open", text: openSql };
  const { rows } = await world.database.query(query, [id, idleTasks, allTakeBacks, sent]);
  return z
    .array(openSchema)
    .parse(rows)
    .filter(({ count }) => count > 0)
    .map(({ what }) => what);
}

/** Time passes for jobs that wait for another try: their waits grow to a minute, and what is healed need not show it that late. */
const hurrySql = ["agent", "booking", "notifier"]
  .map(
    (service) => `hurried_${service} AS (
    UPDATE ${service}_jobs._private_jobs SET run_at = now() WHERE locked_at IS NULL AND run_at > now() + interval '1 second'
      AND payload::jsonb #>> '{payload,tenantId}' = $1::text
      AND task_id IN (SELECT id FROM ${service}_jobs._private_tasks WHERE identifier <> ALL ($2)))`,
  )
  .join(", ");

/** How long jobs are left to their own waits, and what a look counts at most: a machine that stands still is not a late product. */
const patienceMs = 3_000;
const lookMs = 300;

/**
 * Waits until nothing of a tenant is under way.
 * @param options.withinMs of time in which this process really ran
 * @param options.until stops waiting earlier, as soon as it says so
 * @param options.allTakeBacks also until events that may land late were looked for often enough
 * @returns what was still open when the time was up; empty when all was settled
 */
export async function untilSettled(
  world: World,
  tenant: SeedTenant,
  options: { withinMs: number; until?: () => boolean; allTakeBacks?: boolean },
): Promise<string[]> {
  const { withinMs, until = () => false, allTakeBacks = false } = options;
  let calm = 0;
  let waited = 0;
  for (let looked = performance.now(); ; ) {
    const left = await open(world, tenant, allTakeBacks);
    calm = left.length === 0 ? calm + 1 : 0;
    // Twice, because a job may just have handed over to another service.
    if (calm === 2 || until()) return [];
    if (waited > withinMs) return left;
    if (waited > patienceMs) await hurry(world, tenant);
    await sleep(calm ? 40 : 130);
    waited += Math.min(performance.now() - looked, lookMs);
    looked = performance.now();
  }
}

async function hurry(world: World, { id }: SeedTenant): Promise<void> {
  await world.database.query(`WITH ${hurrySql} SELECT 1`, [id, idleTasks]);
}
