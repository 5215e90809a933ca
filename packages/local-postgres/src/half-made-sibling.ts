import { mkdtemp, readdir, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/**
 * Makes an empty folder (0700) beside `target`, to be filled and renamed to it, so that a kill half-way leaves the
 * target absent. Its name holds this process's number: what a process that is gone left behind is removed first.
 */
export async function makeSibling(target: string): Promise<string> {
  const prefix = `${basename(target)}.half-made-`;
  for (const name of await readdir(dirname(target))) {
    if (!name.startsWith(prefix)) continue;
    const maker = Number.parseInt(name.slice(prefix.length), 10);
    if (!isAlive(maker)) await rm(join(dirname(target), name), { recursive: true, force: true });
  }
  return await mkdtemp(join(dirname(target), `${prefix}${process.pid}-`));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
