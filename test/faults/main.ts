import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { startTestServer } from "@bookproof/testing";
import { z } from "zod";
import { count, coverageTable, emptyTally, verdictOf } from "./level-a/coverage.ts";
import { runSeedsInProcesses } from "./level-a/in-processes.ts";
import { scenarioNames } from "./level-a/plan.ts";
import type { SeedResult } from "./level-a/run-seed.ts";
import { runSeeds } from "./level-a/run-seeds.ts";
import { type CellId, cells } from "./matrix.ts";

const usage = `npm run test:faults -- [--seed N] [--runs M] [--worlds W] [--processes P] [--cells kill/C,…] [--scenario sms] [--until-violation] [--report FILE]`;
const exitCodes = { passed: 0, failed: 1, unknown: 2 } as const;
const progressMs = 5_000;
/** Fewer seeds are over before a second process is ready. */
const severalFrom = 60;

const cellId = z.custom<CellId>((value) => cells.some(({ id }) => id === value), "no such cell of the matrix");
const optionsSchema = z.object({
  seed: z.coerce.number().int().min(0).default(1),
  runs: z.coerce.number().int().min(1).default(300),
  worlds: z.coerce.number().int().min(1).default(10),
  processes: z.coerce.number().int().min(1).default(1),
  cells: z
    .string()
    .transform((list) => list.split(","))
    .pipe(z.array(cellId))
    .optional(),
  scenario: z.enum(scenarioNames).optional(),
  "until-violation": z.boolean().default(false),
  report: z.string().optional(),
});

function readOptions(): z.output<typeof optionsSchema> {
  const text = { type: "string" } as const;
  const { values } = parseArgs({
    options: {
      ...{ seed: text, runs: text, worlds: text, processes: text, cells: text, scenario: text, report: text },
      "until-violation": { type: "boolean" },
    },
  });
  return optionsSchema.parse(values);
}

function describeSeed({ plan, violations, log, texts, cells: fired, ms, slowestTickMs }: SeedResult): string {
  return [
    `seed ${plan.seed}: ${violations.length ? "VIOLATION" : "ok"} after ${ms} ms (slowest tick ${slowestTickMs} ms), aim ${plan.aim}, scenario ${plan.scenario}, ${plan.calendar} calendar`,
    ...plan.faults.map((fault) => `  plan   ${JSON.stringify(fault)}`),
    ...log.map((line) => `  struck ${line}`),
    `  cells  ${fired.join(" ") || "none"}`,
    ...texts.map((line) => `  text   ${line.replaceAll("\n", " ⏎ ")}`),
    ...violations.map((line) => `  VIOLATED ${line}`),
  ].join("\n");
}

const options = readOptions();
const began = performance.now();
const tally = emptyTally();
const seconds = () => (performance.now() - began) / 1_000;
const rate = () => (tally.seeds / seconds()).toFixed(1);
const progress = setInterval(
  () => console.log(`${tally.seeds}/${options.runs} seeds, ${rate()}/s, ${tally.violated.length} violations`),
  progressMs,
);
const server = await startTestServer({ maxConnections: 2_000 });
try {
  const run: Parameters<typeof runSeeds>[0] = {
    serverUrl: server.url,
    range: { first: options.seed, step: 1, count: options.runs },
    worlds: options.worlds,
    focus: { ...(options.cells && { cells: options.cells }), ...(options.scenario && { scenario: options.scenario }) },
    take(result) {
      count(tally, result);
      if (result.violations.length > 0 || options.runs === 1) console.log(describeSeed(result));
      return !(options["until-violation"] && result.violations.length > 0);
    },
  };
  const alone = options.processes === 1 || options.runs < severalFrom;
  await (alone ? runSeeds(run) : runSeedsInProcesses(options.processes, run));
} finally {
  clearInterval(progress);
  await server.stop();
}

const isFocused = options.runs === 1 || options.cells || options.scenario;
const verdict = verdictOf(tally, isFocused ? (options.cells ?? []) : undefined);
if (options.runs > 1) console.log(coverageTable(tally));
const { seeds, booked, confirms, escalated, duplicates, violated } = tally;
const figures = `${confirms} CONFIRMs: ${booked} booked, ${escalated} escalated; ${duplicates} duplicates after sends that ended unknown`;
console.log(`${figures}; ${seconds().toFixed(0)} s, ${rate()} seeds/s`);
if (violated.length > 0) console.log(`violated by seeds: ${violated.map(({ plan }) => plan.seed).join(" ")}`);
console.log(`level A: ${seeds} seeds, ${violated.length} violations, ${verdict}`);
if (options.report) {
  const fired = Object.fromEntries(tally.fired);
  writeFileSync(options.report, JSON.stringify({ ...tally, fired, verdict, seconds: seconds(), usage }, null, 2));
}
// What killed instances left behind in this process must not keep it.
process.exit(exitCodes[verdict]);
