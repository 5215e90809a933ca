import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";

/** Jobs that wait for something that need not happen. */
const idleTasks = [
  "check_unread",
  "watch_confirm",
  "watch_call_confirm",
  "watch_lost_slot",
  "end_kept_slot",
  "remind_customer",
  "check_delivery",
  "alert_hot_lead",
];

const jobsOf = (service: string) => `
  SELECT '${service} job ' || task.identifier, count(*) FROM ${service}_jobs._private_jobs AS job
  JOIN ${service}_jobs._private_tasks AS task ON task.id = job.task_id
  WHERE task.identifier <> ALL ($1) AND job.attempts < job.max_attempts AND (job.run_at <= now() + interval '1 second' OR job.attempts > 0)
  GROUP BY 1`;
const openSql = `
  SELECT 'attempt started' AS what, count(*) FROM booking.booking_attempts WHERE status = 'started'
  UNION ALL SELECT 'CONFIRM without an outcome', count(*) FROM agent.conversations WHERE confirming_hold_id IS NOT NULL AND NOT needs_human
  UNION ALL SELECT 'text unread', count(*) FROM agent.inbound_messages m JOIN agent.conversations c USING (tenant_id)
    WHERE c.id = m.conversation_id AND m.disposition = 'accepted' AND m.read_at IS NULL AND NOT c.needs_human
  ${["agent", "booking", "notifier"].map((service) => `UNION ALL ${jobsOf(service)} `).join("")}`;
const openSchema = z.array(z.object({ what: z.string(), count: z.coerce.number() }));

interface Database {
  query(text: string, values: unknown[]): Promise<{ rows: unknown[] }>;
}

/** Waits until nothing is under way. @returns what still was when the time was up */
export async function untilSettled(database: Database, withinMs: number): Promise<string[]> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const { rows } = await database.query(openSql, [idleTasks]);
    const open = openSchema.parse(rows).flatMap(({ what, count }) => (count > 0 ? `${what} (${count})` : []));
    if (open.length === 0 || performance.now() > deadline) return open;
    await sleep(250);
  }
}
