import { writeFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { drain, readBacklog } from "./backlog.ts";
import { describeRun } from "./describe-run.ts";
import { findSustainableRate } from "./find-sustainable-rate.ts";
import { createMeasurements, percentile } from "./measurements.ts";
import { readMemory, residentMemory, serviceNames } from "./memory.ts";
import { createArrivals, offerAtRate } from "./offer-load.ts";
import { readOptions } from "./options.ts";
import { openSoakWorld } from "./soak-world.ts";
import { verify } from "./verify.ts";

/**
 * `npm run test:soak -- --minutes 10 [--report FILE]`: finds the rate that the system sustains on this machine, offers twice
 * that for so long, lets it finish, and checks that nothing was lost and that memory is as before.
 */
const options = readOptions(process.argv.slice(2));
const loadMs = options.minutes * 60_000;
const isShort = options.minutes < 2;
const restMs = isShort ? 2_000 : 20_000;
/** One after the other, to see what an idle system takes. */
const idleCustomers = isShort ? 4 : 20;
/** What piles up in the load takes as long again to work off, and what is escalated meanwhile a little more. */
const drainMs = Math.max(45_000, 2 * loadMs);
const progressMs = 10_000;

const print = (line: string) => console.log(line);
const over = new AbortController();
const seen = createMeasurements();
const failures: unknown[] = [];
const world = await openSoakWorld();
try {
  const arrivals = createArrivals(world, seen, over.signal);
  const sustainable = await findSustainableRate(arrivals, seen, {
    atOnce: isShort ? [16, 32] : [8, 16, 32, 64],
    stepMs: isShort ? 3_000 : 15_000,
    print,
  });
  await drain(world, { patienceMs: drainMs, open: arrivals.open });
  const rampIntakes = seen.times.intake.length;
  for (let customer = 0; customer < idleCustomers; customer++) await arrivals.arrive();
  const intakes = { ramp: rampIntakes, idle: seen.times.intake.length };
  await delay(restMs);
  const before = await readMemory(world);

  const began = performance.now();
  let marked = seen.mark();
  const progress = async () => {
    const { unread, jobs } = await readBacklog(world);
    const intake = percentile(seen.times.intake.slice(marked.intake), 0.95);
    const rate = ((seen.completed() - marked.completed) / (performance.now() - marked.at)) * 1_000;
    marked = seen.mark();
    const resident = serviceNames.map((name) => `${name} ${Math.round(residentMemory(world, name) / 1024 / 1024)}`);
    print(
      `${Math.round((performance.now() - began) / 1_000)} s: offered ${seen.offered()}, ${rate.toFixed(1)} done/s, open ${arrivals.open()}, unread ${unread}, jobs ${jobs}, intake p95 ${Math.round(intake)} ms; MiB: ${resident.join(", ")}`,
    );
  };
  const timer = setInterval(() => void progress().catch((error: unknown) => failures.push(error)), progressMs);
  await offerAtRate(arrivals, { perSecond: 2 * sustainable, forMs: loadMs }, (error) => failures.push(error));
  print("the load is over; what is left is worked off");
  const left = await drain(world, { patienceMs: drainMs, open: arrivals.open });
  clearInterval(timer);
  over.abort(new Error("the soak is over"));
  await delay(restMs);
  const after = await readMemory(world);

  const checks = await verify(world, seen, left);
  checks.push({ name: "the soak itself met no error", of: seen.offered(), broken: failures.map(String) });
  const { lines, holds } = describeRun(world, seen, {
    minutes: options.minutes,
    ...{ sustainable, intakes, before, after, checks },
  });
  for (const line of ["", ...lines]) print(line);
  if (options.report) writeFileSync(options.report, `${lines.join("\n")}\n`);
  process.exitCode = holds ? 0 : 1;
} finally {
  await world.close();
}
