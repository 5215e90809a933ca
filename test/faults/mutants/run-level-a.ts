import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Invariant } from "@bookproof/testing";
import { z } from "zod";
import type { Mutant } from "./mutant.ts";
import { mutantVariable } from "./planted.ts";

const reportSchema = z.object({
  seeds: z.number(),
  violated: z.array(z.object({ plan: z.object({ seed: z.number() }), violations: z.array(z.string()) })),
});

/** What the simulation made of a mutant's plans. */
export interface Outcome {
  /** How many seeds were played. */
  seeds: number;
  seconds: number;
  /** Every violation, as "<invariant>: <what>". */
  violations: string[];
}

/**
 * Plays the plans of a mutant, until the first violation, in a process of its own.
 * @param planted what is planted in it: a mutant, a control, or nothing
 * @throws Error with its last words where the simulation broke down
 */
export async function runLevelA(
  plans: Mutant["plans"],
  options: { planted: string | undefined; runs: number },
): Promise<Outcome> {
  const { planted, runs } = options;
  const directory = mkdtempSync(join(tmpdir(), "bookproof-mutant-"));
  const report = join(directory, "report.json");
  const began = performance.now();
  const args = [
    ...["test/faults/main.ts", "--until-violation", "--worlds", "2", "--runs", String(runs), "--report", report],
    ...["--cells", plans.cells.join(","), ...(plans.scenario ? ["--scenario", plans.scenario] : [])],
  ];
  try {
    const said = await run([...(planted ? ["--import", "./test/faults/mutants/plant.ts"] : []), ...args], planted);
    const { seeds, violated } = readReport(report, said);
    const seconds = (performance.now() - began) / 1_000;
    return { seeds, seconds, violations: violated.flatMap(({ violations }) => violations) };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Which of the invariants were violated. */
export const violatedOf = ({ violations }: Outcome, invariants: Invariant[]): Invariant[] =>
  invariants.filter((invariant) => violations.some((line) => line.startsWith(`${invariant}:`)));

function readReport(file: string, said: string): z.output<typeof reportSchema> {
  try {
    return reportSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (error) {
    throw new Error(`the simulation left no report. Its last words:\n${said.slice(-4_000)}`, { cause: error });
  }
}

/** @returns what it printed. */
function run(args: string[], planted: string | undefined): Promise<string> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, ...(planted && { [mutantVariable]: planted }) };
    const child = spawn(process.execPath, args, { cwd: join(import.meta.dirname, "../../.."), env });
    let said = "";
    const hear = (chunk: Buffer) => {
      said += chunk.toString("utf8");
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.on("error", reject);
    child.on("close", () => resolve(said));
  });
}
