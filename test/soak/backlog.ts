import { setTimeout as delay } from "node:timers/promises";
import type { SoakWorld } from "./soak-world.ts";

/** Work that the system has taken upon itself and not done yet. */
export interface Backlog {
  unread: number;
  /** Jobs that have been due for more than a second. */
  jobs: number;
}

export async function readBacklog({ database }: SoakWorld): Promise<Backlog> {
  const due = (service: string) =>
    `(SELECT count(*) FROM ${service}_jobs._private_jobs WHERE run_at < now() - interval '1 second')`;
  const { rows } = await database.query<{ unread: number; jobs: number }>(`
    SELECT (SELECT count(*)::int FROM agent.inbound_messages WHERE read_at IS NULL AND disposition = 'accepted') AS unread,
           (${["agent", "booking", "notifier"].map(due).join(" + ")})::int AS jobs`);
  return rows[0] ?? { unread: 0, jobs: 0 };
}

/**
 * Waits until nothing is left to do.
 * @param open customers who are not done yet
 * @returns what was left when patience ended; nothing when all went well
 */
export async function drain(world: SoakWorld, options: { patienceMs: number; open: () => number }): Promise<Backlog> {
  const deadline = performance.now() + options.patienceMs;
  let quietRounds = 0;
  while (true) {
    const backlog = await readBacklog(world);
    const isQuiet = backlog.unread === 0 && backlog.jobs === 0;
    quietRounds = isQuiet ? quietRounds + 1 : 0;
    // A quiet moment may be one between two jobs.
    if ((quietRounds >= 2 && options.open() === 0) || quietRounds >= 8) return backlog;
    if (performance.now() > deadline) return backlog;
    await delay(500);
  }
}
