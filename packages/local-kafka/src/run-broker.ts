import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { javaCommand, type KafkaPrograms } from "./java-command.ts";
import { spawnTied } from "./run-program.ts";

/** After a kill the log is checked and the old session waited for: seconds; a loaded machine takes longer to load the classes. */
const READY_MS = 90_000;
/** A clean stop takes 0.3 s; one that hangs loses nothing by a kill. */
const STOP_MS = 5_000;

export type RunningBroker = {
  pid: number;
  /** Settles when the process is gone, for whatever reason. */
  exited: Promise<void>;
  /** Stops it cleanly, by force after 5 s, and returns when the process is gone; safe to call twice. */
  stop(): Promise<void>;
  /** kill -9; returns when the process is gone. */
  kill(): Promise<void>;
};

/** The broker ended before it was ready; `lines` is the end of its log. */
export class BrokerDidNotStart extends Error {
  readonly lines: readonly string[];

  constructor(lines: readonly string[]) {
    const telling = lines.filter((line) => /\b(ERROR|FATAL|Exception)\b/.test(line) && !line.startsWith("\tat "));
    super(`Kafka did not start: ${telling.at(-1) ?? lines.at(-1) ?? "it gave no reason."}`);
    this.lines = lines;
  }
}

/** Starts a broker on a formatted data directory and returns when it takes clients. Throws BrokerDidNotStart, or the signal's reason. */
export async function runBroker(
  programs: KafkaPrograms,
  options: { dataDir: string; properties: string; log: (line: string) => void; signal: AbortSignal | undefined },
): Promise<RunningBroker> {
  const { dataDir, properties, log, signal } = options;
  const file = join(dataDir, "server.properties");
  await writeFile(file, properties);
  const child = spawnTied(javaCommand(programs, "kafka.Kafka", [file]), dataDir);
  const exited = once(child, "exit").then(() => {});
  const { pid, stdout, stderr } = child;
  if (pid === undefined || !stdout || !stderr) throw new Error("Kafka could not be started.");
  const kill = async () => {
    child.kill("SIGKILL");
    await exited;
  };
  const stop = async () => {
    child.kill("SIGTERM");
    const timer = new AbortController();
    const late = delay(STOP_MS, "late", { signal: timer.signal }).catch(() => "cancelled");
    if ((await Promise.race([exited, late])) === "late") child.kill("SIGKILL");
    timer.abort();
    await exited;
  };

  stdout.resume();
  const lines: string[] = [];
  const output = createInterface({ input: stderr });
  const ready = new Promise<void>((resolve) => {
    output.on("line", (line) => {
      log(line);
      lines.push(line);
      if (lines.length > 40) lines.shift();
      if (line.includes("Kafka Server started")) resolve();
    });
  });
  const failed = Promise.all([exited, once(output, "close")]).then(() => {
    throw new BrokerDidNotStart(lines);
  });
  // Also rejects when the broker ends long after it was ready, which `exited` reports.
  failed.catch(() => {});
  const givenUp = AbortSignal.any([AbortSignal.timeout(READY_MS), ...(signal ? [signal] : [])]);
  try {
    await Promise.race([ready, failed, rejectOnAbort(givenUp)]);
  } catch (error) {
    await kill();
    throw error;
  }
  return { pid, exited, stop, kill };
}

function rejectOnAbort(signal: AbortSignal): Promise<never> {
  const aborted = new Promise<never>((_, reject) => {
    const rejectWithReason = () => reject(signal.reason);
    if (signal.aborted) rejectWithReason();
    signal.addEventListener("abort", rejectWithReason, { once: true });
  });
  // It may be aborted when nobody waits any more.
  aborted.catch(() => {});
  return aborted;
}
