import { readlink, rm, symlink } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";

const LOOK_AGAIN_MS = 100;

/**
 * Runs `work` while no other process of this machine runs what the same lock guards: its holder is the number that the link `lock`
 * names. A holder that was killed holds nothing. Throws the signal's reason, or what `work` throws.
 */
export async function oneAtATime(
  lock: string,
  signal: AbortSignal | undefined,
  work: () => Promise<void>,
): Promise<void> {
  while (!(await tryTake(lock))) {
    signal?.throwIfAborted();
    const holder = Number(await readlink(lock).catch(() => process.pid));
    if (isAlive(holder)) await delay(LOOK_AGAIN_MS);
    else await rm(lock, { force: true });
  }
  try {
    await work();
  } finally {
    await rm(lock, { force: true });
  }
}

function tryTake(lock: string): Promise<boolean> {
  return symlink(String(process.pid), lock).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === "EEXIST") return false;
      throw error;
    },
  );
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
