import { readFileSync } from "node:fs";

const CHECK_MS = 250;

/**
 * Calls `onGone` once the process that started this one has ended, however it ended. npm starts a shell that starts
 * us, and a killed npm leaves the shell waiting: so the shell's own parent is watched too, where /proc names it.
 */
export function watchParent(onGone: () => void): void {
  const parent = process.ppid;
  const grandparent = parentOf(parent);
  const timer = setInterval(() => {
    if (process.ppid === parent && parentOf(parent) === grandparent) return;
    clearInterval(timer);
    onGone();
  }, CHECK_MS);
  timer.unref();
}

/** Field 4 of /proc/PID/stat, counted after the command's name, which may hold spaces and brackets. */
function parentOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
  } catch {
    return undefined;
  }
}
