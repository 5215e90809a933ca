import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { dieWhenStdinEnds, dieWithParent, findSetpriv } from "@bookproof/local-postgres";

/**
 * Starts a program that the kernel kills when this process ends, however it ends (elsewhere than on Linux a watcher does).
 * It has a session of its own: Ctrl-C in a terminal must not reach a broker before those who still talk to it.
 */
export function spawnTied(command: readonly string[], cwd: string): ChildProcess {
  const setpriv = findSetpriv();
  const [file = "", ...args] =
    setpriv === undefined ? dieWhenStdinEnds("KILL", command) : dieWithParent(setpriv, "KILL", command);
  return spawn(file, args, { cwd, detached: true, stdio: "pipe" });
}

/** Runs a program to its end. Throws its own last words, after `what`, when it fails, or the signal's reason. */
export async function runProgram(
  command: readonly string[],
  options: { cwd: string; what: string; signal: AbortSignal | undefined },
): Promise<void> {
  const { cwd, what, signal } = options;
  signal?.throwIfAborted();
  const child = spawnTied(command, cwd);
  const kill = () => child.kill("SIGKILL");
  signal?.addEventListener("abort", kill, { once: true });
  try {
    const { stdout, stderr } = child;
    if (!stdout || !stderr) throw new Error(`${what} was started without pipes.`);
    const [said, complained, [code]] = await Promise.all([text(stdout), text(stderr), once(child, "exit")]);
    signal?.throwIfAborted();
    if (code !== 0) throw new Error(`${what} failed: ${lastLines(`${said}\n${complained}`)}`);
  } finally {
    signal?.removeEventListener("abort", kill);
  }
}

function lastLines(output: string): string {
  return output.trim().split("\n").slice(-5).join(" ").trim() || "it gave no reason";
}
