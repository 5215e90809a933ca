import { execFile } from "node:child_process";
import { readFile, readlink, realpath, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/** How long a server may look healthy although the process that started it has just been killed. */
const ORPHAN_NOTICES_MS = 2_000;
/** How long a server that is shutting down may take to write its last checkpoint. */
const SHUTDOWN_MS = 15_000;

/**
 * Returns when no server uses the data directory: waits for one that is shutting down, and clears a lock file whose
 * process number now belongs to somebody else (usual after a reboot or in a new container; Postgres itself would
 * refuse). Throws one sentence when a live server keeps it.
 */
export async function awaitFreeDataDir(dataDir: string, signal?: AbortSignal): Promise<void> {
  const lockFile = join(dataDir, "postmaster.pid");
  const began = Date.now();
  for (;;) {
    signal?.throwIfAborted();
    const lock = await readLock(lockFile);
    if (lock === undefined) return;
    if (!(await isServing(lock.pid, dataDir))) {
      await rm(lockFile, { force: true });
      return;
    }
    if (Date.now() - began > (lock.stopping ? SHUTDOWN_MS : ORPHAN_NOTICES_MS)) {
      throw new Error(`The data directory ${dataDir} is in use by another Postgres server (process ${lock.pid}).`);
    }
    await delay(20);
  }
}

/** The lock file's first line is the process number, its eighth the state; both are written by Postgres. */
async function readLock(lockFile: string): Promise<{ pid: number; stopping: boolean } | undefined> {
  const text = await readFile(lockFile, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const lines = text.split("\n");
  return { pid: Number.parseInt(lines[0] ?? "", 10), stopping: lines[7]?.trim() === "stopping" };
}

/** Every Postgres process has its data directory as its working directory. */
async function isServing(pid: number, dataDir: string): Promise<boolean> {
  if (!(pid > 0)) return false;
  if (process.platform !== "linux") return /(^|\/)postgres$/.test(await commandOf(pid));
  try {
    return (await readlink(`/proc/${pid}/cwd`)) === (await realpath(dataDir));
  } catch (error) {
    const gone = error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ESRCH");
    // Root in a container may not inspect another user's process; its name is public.
    return !gone && (await readFile(`/proc/${pid}/comm`, "utf8").catch(() => "")).trim() === "postgres";
  }
}

function commandOf(pid: number): Promise<string> {
  return new Promise((resolve) => {
    execFile("ps", ["-o", "comm=", "-p", String(pid)], (_missing, stdout) => resolve(stdout.trim()));
  });
}
