import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { z } from "zod";
import type { Customer } from "./journeys/customer.ts";
import { createPlan, isKill, type Strike } from "./plan.ts";
import { openRealWorld } from "./real-world.ts";
import { customerSource, runRound } from "./run-round.ts";
import { count, emptyTally, figures, verdictOf, wantedCells } from "./tally.ts";

const usage = "npm run test:faults:processes -- --kills N --seed S [--kafka] [--report FILE] [--log FILE]";
const exitCodes = { passed: 0, failed: 1, unknown: 2 } as const;
const killsPerRound = 5;
const othersPerRound = 2;
/** How much of a run may find nothing to strike before it gives up. */
const patience = 3;

const text = { type: "string" } as const;
const options = z
  .object({
    kills: z.coerce.number().int().min(1).default(5),
    seed: z.coerce.number().int().min(0).default(1),
    report: z.string().optional(),
    log: z.string().optional(),
    kafka: z.boolean().default(false),
  })
  .parse(
    parseArgs({ options: { kills: text, seed: text, report: text, log: text, kafka: { type: "boolean" } } }).values,
  );

const began = performance.now();
const seconds = () => Math.round((performance.now() - began) / 1_000);
const lines: string[] = [];
const logLine = (source: string, line: string) => lines.push(`${new Date().toISOString()} ${source} ${line}`);

const rounds = Math.ceil(options.kills / killsPerRound);
const real = await openRealWorld({ businesses: 2 * Math.min(rounds, 10), kafka: options.kafka, onLine: logLine });
const plan = createPlan(options.seed, options.kafka);
const kills: Strike[] = Array.from({ length: options.kills }, () => plan.nextKill());
const wanted = wantedCells(kills);
const tally = emptyTally();
const earlier: Customer[] = [];
console.log(`level C: ${options.kills} kills, seed ${options.seed}; ready after ${seconds()} s`);
const memoryBefore = real.memory();
try {
  for (let round = 0, customers = 0; kills.length > 0 && round < rounds * patience; round++) {
    const strikes = [
      ...kills.splice(0, killsPerRound),
      ...Array.from({ length: othersPerRound }, () => plan.nextOther()),
    ].sort((one, other) => Number(isKill(one)) - Number(isKill(other)));
    const first = (2 * round) % real.businesses.length;
    const businesses = real.businesses.slice(first, first + 2);
    const notes: string[] = [];
    const result = await runRound(real, {
      ...{ strikes, businesses, earlier, newCustomer: customerSource(real, businesses, customers) },
      note: (line) => {
        notes.push(line);
        logLine("strike", line);
      },
    });
    customers += result.customers.length;
    earlier.push(...result.customers);
    const before = tally.violations.length;
    count(tally, result);
    kills.unshift(...result.missed.filter(isKill));
    const found = tally.violations.slice(before);
    console.log(
      `${tally.kills}/${options.kills} kills, ${seconds()} s, ${tally.violations.length} violations; round ${round + 1}: slowest recovery ${Math.max(0, ...result.recoveries.map(({ ms }) => ms))} ms, missed ${result.missed.length}`,
    );
    for (const line of found) console.log(`  VIOLATED ${line}`);
    if (found.length > 0) for (const line of notes) console.log(`  struck ${line}`);
  }
} finally {
  if (options.log) {
    for (const { direction, to, from, body, acceptedAt } of real.twilio.ledger.messages())
      logLine(
        "ledger",
        `${new Date(acceptedAt).toISOString()} ${from} → ${to} ${direction}: ${body.replaceAll("\n", " ")}`,
      );
    writeFileSync(options.log, lines.join("\n"));
  }
  const memoryAfter = real.memory();
  for (const line of figures(tally)) console.log(line);
  for (const [name, before] of Object.entries(memoryBefore))
    console.log(`memory of ${name}: ${before} MiB before, ${memoryAfter[name] ?? 0} MiB after`);
  await real.close();
}
const { verdict, never } = verdictOf(tally, wanted);
for (const cell of never) console.log(`never fired: ${cell}`);
console.log(`level C: ${tally.kills} kills in ${seconds()} s, ${tally.violations.length} violations, ${verdict}`);
if (options.report)
  writeFileSync(
    options.report,
    JSON.stringify(
      { usage, ...options, ...tally, fired: Object.fromEntries(tally.fired), verdict, never, seconds: seconds() },
      null,
      2,
    ),
  );
// At once: Node would wait for what was written to wires that were frozen when they were cut.
process.exit(exitCodes[verdict]);
