import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { type ClusterProcess, type Launch, spawnInCluster } from "./spawn-in-cluster.ts";

/** How long a fast shutdown may take before the server is made to stop without a checkpoint, and then killed. */
const SHUTDOWN_STEPS: readonly [NodeJS.Signals, number][] = [
  ["SIGINT", 10_000],
  ["SIGQUIT", 5_000],
  ["SIGKILL", 5_000],
];

/** Crash recovery replays at most what fits in max_wal_size (1 GB). */
const READY_MS = 60_000;

export type RunningServer = {
  pid: number;
  /** Settles when the process is gone, for whatever reason. */
  exited: Promise<void>;
  /** Ends all sessions, writes a checkpoint and returns when the process is gone; safe to call twice. */
  stop(): Promise<void>;
};

/** The server ended before it was ready; `lines` is the end of its log. */
export class ServerDidNotStart extends Error {
  readonly lines: readonly string[];

  constructor(lines: readonly string[]) {
    super(`Postgres did not start: ${lines.filter((line) => /FATAL|ERROR|HINT/.test(line)).join(" ") || lines.at(-1)}`);
    this.lines = lines;
  }
}

/** Starts `postgres` and returns when it accepts connections. Throws ServerDidNotStart, or the signal's reason. */
export async function runServer(
  launch: Launch,
  options: {
    dataDir: string;
    settings: Readonly<Record<string, string | number>>;
    log: (line: string) => void;
    signal: AbortSignal | undefined;
  },
): Promise<RunningServer> {
  const { dataDir, settings, log, signal } = options;
  const args = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const server = await spawnInCluster(launch, "postgres", { dataDir, args, deathSignal: "INT" });
  const exited = once(server.child, "exit").then(() => {});
  const stop = stopOnce(server.child, exited);
  try {
    await untilReady(server, { exited, log, signal });
  } catch (error) {
    await stop();
    throw error;
  }
  return { pid: server.pid, exited, stop };
}

async function untilReady(
  { stdout, stderr }: ClusterProcess,
  { exited, log, signal }: { exited: Promise<void>; log: (line: string) => void; signal: AbortSignal | undefined },
): Promise<void> {
  const lastLines: string[] = [];
  const output = createInterface({ input: stderr });
  stdout.resume();
  const ready = new Promise<void>((resolve) => {
    output.on("line", (line) => {
      log(line);
      lastLines.push(line);
      if (lastLines.length > 20) lastLines.shift();
      if (line.includes("database system is ready to accept connections")) resolve();
    });
  });
  const drained = once(output, "close");
  const failed = exited.then(async () => {
    await drained;
    throw new ServerDidNotStart(lastLines);
  });
  // Also rejects when the server ends long after it was ready, which `exited` reports.
  failed.catch(() => {});
  const timeout = AbortSignal.any([AbortSignal.timeout(READY_MS), ...(signal ? [signal] : [])]);
  const givenUp = once(timeout, "abort").then(() => timeout.throwIfAborted());
  givenUp.catch(() => {});
  timeout.throwIfAborted();
  await Promise.race([ready, failed, givenUp]);
}

function stopOnce(child: ChildProcess, exited: Promise<void>): () => Promise<void> {
  let stopping: Promise<void> | undefined;
  const stop = async () => {
    for (const [signal, patience] of SHUTDOWN_STEPS) {
      if (!child.kill(signal)) break;
      const timer = new AbortController();
      const timeout = delay(patience, "timeout", { signal: timer.signal }).catch(() => "cancelled");
      const outcome = await Promise.race([exited.then(() => "exited"), timeout]);
      timer.abort();
      if (outcome === "exited") break;
    }
    await exited;
  };
  return () => {
    stopping ??= stop();
    return stopping;
  };
}
