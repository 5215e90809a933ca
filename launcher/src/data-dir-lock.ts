import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { LauncherError } from "./launcher-error.ts";

export const lockFileName = "launcher.lock";

/**
 * Takes a data directory for this process. What a killed launcher left is taken over.
 * @returns gives it back
 * @throws LauncherError when a living launcher holds it
 */
export function lockDataDir(dataDir: string): () => void {
  const lock = join(dataDir, lockFileName);
  const mine = `${lock}.${process.pid}`;
  writeFileSync(mine, describeProcess(process.pid) ?? "", { mode: 0o600 });
  try {
    // A link appears whole or not at all, and to one process only.
    while (!tryLink(mine, lock)) {
      const holder = readIfThere(lock);
      if (holder === undefined) continue;
      const pid = Number.parseInt(holder, 10);
      if (holder === describeProcess(pid))
        throw new LauncherError(`The data directory ${dataDir} is in use by another launcher (process ${pid}).`);
      takeAway(lock, { holder, aside: `${mine}.dead` });
    }
  } finally {
    rmSync(mine, { force: true });
  }
  return () => rmSync(lock, { force: true });
}

/** By a rename, which only one of several claimants wins. What is not the dead holder's any more is put back. */
function takeAway(lock: string, { holder, aside }: { holder: string; aside: string }): void {
  try {
    renameSync(lock, aside);
  } catch (error) {
    if (isCode(error, "ENOENT")) return;
    throw error;
  }
  if (readIfThere(aside) !== holder) tryLink(aside, lock);
  rmSync(aside);
}

function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (isCode(error, "EEXIST")) return false;
    throw error;
  }
}

/**
 * The process's number and, where /proc tells it, when it started: a number alone is given again after a reboot or in
 * a new container. Undefined when there is no such process.
 */
function describeProcess(pid: number): string | undefined {
  if (!(pid > 0)) return undefined;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (!isCode(error, "EPERM")) return undefined;
  }
  const stat = readIfThere(`/proc/${pid}/stat`);
  // Field 22, counted after the command's name, which may hold spaces and brackets.
  const startedAt = stat?.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  const bootId = readIfThere("/proc/sys/kernel/random/boot_id")?.trim() ?? "";
  return `${pid} ${startedAt} ${bootId}\n`;
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (isCode(error, "ENOENT") || isCode(error, "ESRCH")) return undefined;
    throw error;
  }
}

function isCode(error: unknown, code: string): boolean {
  return typeof error === "object" && error !== null && "code" in error && error.code === code;
}
