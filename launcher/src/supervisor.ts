import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { dieWithParent, findSetpriv } from "@bookproof/local-postgres";

/** How long to wait before each restart in a row; the last one repeats. Always under a second. */
const RESTART_DELAYS_MS = [0, 100, 200, 400, 800] as const;
/** A process that lived this long has recovered: its next death counts as the first. */
const RECOVERED_AFTER_MS = 10_000;

export type SupervisedExit = { code: number | null; signal: NodeJS.Signals | null };

export type SupervisorOptions = {
  /** For messages. */
  name: string;
  /** The program and its arguments, run as they are: no shell, no npm, so a signal reaches the service itself. */
  command: readonly string[];
  /** The whole environment of the process; nothing of the launcher's own is added. */
  env: NodeJS.ProcessEnv;
  cwd: string;
  /** Whether a process that ended by itself is started again. */
  restart: boolean;
  /** Takes each line the process prints. */
  onLine: (stream: "stdout" | "stderr", line: string) => void;
  /** Called for each end of the process, also the one that `stop` asked for. */
  onExit?: (exit: SupervisedExit) => void;
  /** Called when a dead process has been started again. */
  onRestart?: (pid: number) => void;
};

export type Supervisor = {
  /** The running process; absent between a death and the restart, and after the end. */
  pid(): number | undefined;
  /** Asks with SIGTERM, kills after `graceMs`, returns when the process is gone; it is never started again. */
  stop(graceMs: number): Promise<void>;
};

/**
 * Runs one process, starts it again within a second of its death (at once the first time), and never leaves it behind.
 *
 * When this process ends, even by kill -9, the kernel kills the child (`dieWithParent`): a child whose event loop hangs
 * could not notice by itself, and with its launcher and database gone it has nothing left to finish. Where the kernel
 * does not offer that, the child's stdin ends: it is a pipe that only this process holds, and services stop with it.
 *
 * The child gets a session of its own: Ctrl-C in a terminal reaches the launcher only, which stops things in order.
 */
export function superviseProcess(options: SupervisorOptions): Supervisor {
  const setpriv = findSetpriv();
  const [file = "", ...args] =
    setpriv === undefined ? options.command : dieWithParent(setpriv, "KILL", options.command);
  let current: ChildProcess | undefined;
  let ended: Promise<void> = Promise.resolve();
  let restartTimer: NodeJS.Timeout | undefined;
  let deathsInARow = 0;
  let stopped = false;

  const start = () => {
    const startedAt = Date.now();
    const child = spawn(file, args, { cwd: options.cwd, env: options.env, detached: true, stdio: "pipe" });
    current = child;
    forwardLines(child.stdout, (line) => options.onLine("stdout", line));
    forwardLines(child.stderr, (line) => options.onLine("stderr", line));
    ended = untilGone(child, (line) => options.onLine("stderr", `${options.name}: ${line}`)).then((exit) => {
      current = undefined;
      options.onExit?.(exit);
      if (stopped || !options.restart) return;
      if (Date.now() - startedAt >= RECOVERED_AFTER_MS) deathsInARow = 0;
      restartTimer = setTimeout(startAgain, RESTART_DELAYS_MS[deathsInARow] ?? RESTART_DELAYS_MS.at(-1));
      deathsInARow += 1;
    });
  };
  const startAgain = () => {
    start();
    if (current?.pid !== undefined) options.onRestart?.(current.pid);
  };

  start();
  return {
    pid: () => current?.pid,
    async stop(graceMs) {
      stopped = true;
      clearTimeout(restartTimer);
      const child = current;
      if (child === undefined) return;
      child.kill("SIGTERM");
      const grace = new AbortController();
      const killLater = delay(graceMs, undefined, { signal: grace.signal }).then(
        () => child.kill("SIGKILL"),
        () => false,
      );
      await ended;
      grace.abort();
      await killLater;
    },
  };
}

function forwardLines(output: Readable, take: (line: string) => void): void {
  createInterface({ input: output }).on("line", take);
}

/** A program that cannot be started at all counts as a death, so that it is said and tried again. */
function untilGone(child: ChildProcess, complain: (line: string) => void): Promise<SupervisedExit> {
  return new Promise((resolve) => {
    child.once("exit", (code, signal) => resolve({ code, signal }));
    child.once("error", (error) => {
      complain(error.message);
      if (child.pid === undefined) resolve({ code: null, signal: null });
    });
  });
}
