import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { ServiceName } from "@bookproof/launcher";
import type { Address } from "@bookproof/testing";

/** How long a replica may take until it listens, in milliseconds. */
const startMs = 90_000;
const telemetry = "@bookproof/telemetry/register";

/** One process of a service, as one pod of it would be. */
export interface Replica {
  service: ServiceName;
  address: Address;
  /** What it has logged so far. */
  lines: readonly string[];
  /** SIGTERM. @returns its exit code: 0 where it drained. */
  drain(): Promise<number | null>;
  /** kill -9. */
  kill(): Promise<void>;
}

/**
 * Starts one replica and returns when it listens.
 * @param tree the folder of the version it runs
 * @throws Error with what it logged, where it ends before that
 */
export async function startReplica(service: ServiceName, tree: string, env: NodeJS.ProcessEnv): Promise<Replica> {
  const { NODE_OPTIONS: _jestOnly, ...inherited } = process.env;
  const child = spawn(process.execPath, ["--import", telemetry, `services/${service}/src/main.ts`], {
    cwd: tree,
    env: { ...inherited, ...env, LISTEN_ADDR: "127.0.0.1:0", GATEWAY_PORT: "0", EXIT_WITH_PARENT: "true" },
    // Its standard input ends with this process, and so does it.
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines: string[] = [];
  const { promise: ready, resolve, reject } = Promise.withResolvers<Address>();
  createInterface({ input: child.stdout }).on("line", (line) => {
    lines.push(line);
    const port = /\[READY\].*:(\d+)"/.exec(line)?.[1];
    if (port) resolve({ host: "127.0.0.1", port: Number(port) });
  });
  const ended = once(child, "exit").then(([code]) => {
    // What is left open of them keeps this process from ending.
    child.stdin.destroy();
    child.stdout.destroy();
    return code as number | null;
  });
  const fail = (why: string) => reject(new Error(`${service} ${why}: ${lines.slice(-3).join("\n")}`));
  void ended.then((code) => fail(`ended with ${code}`));
  const timer = setTimeout(() => fail("does not listen"), startMs);
  try {
    const end = async (signal: NodeJS.Signals) => {
      child.kill(signal);
      return ended;
    };
    return {
      ...{ service, lines, address: await ready },
      drain: () => end("SIGTERM"),
      kill: async () => void (await end("SIGKILL")),
    };
  } catch (error) {
    child.kill("SIGKILL");
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
