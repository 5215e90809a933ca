import { spawn } from "node:child_process";
import { expect, test } from "@jest/globals";

const minute = 60_000;

/** Runs one of the fault commands as people do. @returns its exit code and what it printed. */
function run(script: string, args: string[]): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const { NODE_OPTIONS: _jestOnly, ...env } = process.env;
    const child = spawn(process.execPath, [script, ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    const take = (chunk: Buffer) => {
      output += chunk.toString();
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    child.on("error", reject);
    child.on("exit", (code) => resolve({ code, output }));
  });
}

/** The end of a long output: the table and the verdict. */
const endOf = (output: string) => output.split("\n").slice(-80).join("\n");

test(
  "300 seeded journeys with faults and crashes break no invariant, and every cell of the matrix fires",
  async () => {
    const { code, output } = await run("test/faults/main.ts", ["--seed", "1", "--runs", "300"]);
    expect({ code, output: code === 0 ? "" : endOf(output) }).toEqual({ code: 0, output: "" });
  },
  8 * minute,
);

test(
  "every planted defect is caught by the same checker",
  async () => {
    const { code, output } = await run("test/faults/mutants/main.ts", []);
    expect({ code, output: code === 0 ? "" : endOf(output) }).toEqual({ code: 0, output: "" });
  },
  10 * minute,
);

test(
  "real processes, Postgres and Kafka killed: every CONFIRM ends booked or with the owner",
  async () => {
    const { code, output } = await run("test/faults/level-c/main.ts", ["--kills", "7", "--seed", "1", "--kafka"]);
    expect({ code, output: code === 0 ? "" : endOf(output) }).toEqual({ code: 0, output: "" });
  },
  6 * minute,
);
