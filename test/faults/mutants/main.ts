import { parseArgs } from "node:util";
import { z } from "zod";
import type { Mutant } from "./mutant.ts";
import { mutantNamed, mutants } from "./mutants.ts";
import { controlOf } from "./planted.ts";
import { type Outcome, runLevelA, violatedOf } from "./run-level-a.ts";

/**
 * `node test/faults/mutants/main.ts [--mutant name] [--runs N]`: plants each defect, plays plans until the history checker sees
 * it, and plays the same seeds without it, which must be clean. Exit 1 where a mutant escaped or a control was not clean.
 */
const { values } = parseArgs({ options: { mutant: { type: "string" }, runs: { type: "string" } } });
const runs = z.coerce.number().int().min(1).optional().parse(values.runs);
const chosen = values.mutant === undefined ? mutants : [mutantNamed(values.mutant)];

interface Line {
  mutant: string;
  verdict: "caught" | "ESCAPED" | "CONTROL NOT CLEAN";
  by: string;
  seeds: number;
  seconds: string;
  "control seconds": string;
}

async function examine(mutant: Mutant): Promise<Line> {
  const { name, plans, breaks } = mutant;
  const outcome = await runLevelA(plans, { planted: name, runs: runs ?? plans.runs });
  const caught = violatedOf(outcome, breaks);
  const planted = mutant.provocation ? controlOf(mutant) : undefined;
  const control = await runLevelA(plans, { planted, runs: outcome.seeds });
  const faults = controlFaults(mutant, control);
  for (const fault of faults) console.error(`control of ${name}: ${fault}`);
  if (caught.length === 0)
    for (const other of outcome.violations) console.error(`${name}, another violation: ${other}`);
  return {
    mutant: name,
    verdict: caught.length === 0 ? "ESCAPED" : faults.length > 0 ? "CONTROL NOT CLEAN" : "caught",
    by: caught.join(", "),
    seeds: outcome.seeds,
    seconds: outcome.seconds.toFixed(1),
    "control seconds": control.seconds.toFixed(1),
  };
}

/** A control that is provoked need only keep what the mutant breaks. */
function controlFaults({ breaks, provocation }: Mutant, control: Outcome): string[] {
  return provocation
    ? control.violations.filter((line) => breaks.some((invariant) => line.startsWith(`${invariant}:`)))
    : control.violations;
}

const lines: Line[] = [];
for (const mutant of chosen) {
  const line = await examine(mutant);
  console.log(`${line.mutant}: ${line.verdict}${line.by && ` by ${line.by}`}, ${line.seeds} seeds, ${line.seconds} s`);
  lines.push(line);
}
console.table(lines);
const failed = lines.filter(({ verdict }) => verdict !== "caught");
console.log(`mutants: ${lines.length - failed.length} of ${lines.length} caught`);
process.exitCode = failed.length === 0 ? 0 : 1;
