import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { eventually } from "@bookproof/testing";
import { repositoryRoot } from "../repository.ts";
import { readWorldFile, type WorldFile } from "../world-file.ts";

export type Launched = {
  child: ChildProcess;
  /** Everything printed so far. */
  output(): string;
  /** Settles with the exit code, or null after a signal. */
  exited: Promise<number | null>;
  untilReady(): Promise<WorldFile>;
};

/** Runs a command of the repository as a process of its own, with only the environment given. */
export function launch(command: string[], dataDir: string, env: NodeJS.ProcessEnv = {}): Launched {
  const [program = "", ...args] = command;
  const { PATH, NODE_COMPILE_CACHE } = process.env;
  const child = spawn(program, args, {
    cwd: repositoryRoot,
    env: { PATH, NODE_COMPILE_CACHE, BOOKPROOF_DATA_DIR: dataDir, GATEWAY_PORT: "0", LOG_LEVEL: "warn", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  child.stdout.on("data", (chunk) => (printed += String(chunk)));
  child.stderr.on("data", (chunk) => (printed += String(chunk)));
  const exited = once(child, "exit").then(([code]) => code as number | null);
  return {
    child,
    output: () => printed,
    exited,
    async untilReady() {
      await eventually(
        "the launcher's welcome",
        () => {
          if (child.exitCode !== null) throw new Error(`the launcher ended:\n${printed}`);
          return printed.includes("Bookproof is ready");
        },
        60_000,
      );
      const world = readWorldFile(dataDir);
      if (world === undefined) throw new Error("the launcher is ready without a world.json");
      return world;
    },
  };
}

/** `node launcher/src/main.ts …` */
export const launcherCommand = (...args: string[]) => [process.execPath, "launcher/src/main.ts", ...args];

/** Processes of this repository's services, simulators, Postgres and Kafka that belong to a data directory, by number. */
export function processesOf(dataDir: string, world: WorldFile | undefined): string[] {
  const ports = Object.values(world?.addresses ?? {});
  return readdirSync("/proc").filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    const read = <T>(look: () => T, otherwise: T): T => {
      try {
        return look();
      } catch {
        return otherwise;
      }
    };
    const directory = read(() => readlinkSync(`/proc/${pid}/cwd`), "");
    if (directory === join(dataDir, "postgres") || directory === join(dataDir, "kafka")) return true;
    const command = read(() => readFileSync(`/proc/${pid}/cmdline`, "utf8"), "");
    const isOurs = /(services\/\w+|simulators)\/src\/[\w-]*main\.ts/.test(command) && directory === repositoryRoot;
    const environment = read(() => readFileSync(`/proc/${pid}/environ`, "utf8"), "");
    return isOurs && (environment.includes(dataDir) || ports.some((address) => environment.includes(address)));
  });
}
