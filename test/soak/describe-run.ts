import { type Measurements, percentile } from "./measurements.ts";
import { type Memory, serviceNames } from "./memory.ts";
import type { SoakWorld } from "./soak-world.ts";
import type { Check } from "./verify.ts";

/** What is resident, and what of the heap is alive, may be this much more after the load than before it. */
const allowedGrowth = 1.2;
/** Twice what can be served was offered, and a text must still be taken in within this, 95 times of 100; in milliseconds. */
const boundedIntakeMs = 3_000;

export interface Run {
  minutes: number;
  sustainable: number;
  /** How many texts had been taken in when the ramp was over, and when the load began; between them the system was idle. */
  intakes: { ramp: number; idle: number };
  before: Memory;
  after: Memory;
  checks: Check[];
}

/** The table of a run, and whether all of it holds. */
export function describeRun(world: SoakWorld, seen: Measurements, run: Run): { lines: string[]; holds: boolean } {
  const { ramp, idle } = run.intakes;
  const whileIdle = seen.times.intake.slice(ramp, idle);
  const overload = seen.times.intake.slice(idle);
  const lines = [
    `Soak: ${run.minutes} min at twice the sustainable rate (${run.sustainable.toFixed(1)} journeys/s, offered ${(2 * run.sustainable).toFixed(1)}/s)`,
    "",
    `journeys offered ${seen.offered()}, ended: ${listOf(seen.ends)}`,
    `answers: ${listOf(seen.statuses)}`,
    ...timeLines("intake, ramp", seen.times.intake.slice(0, ramp)),
    ...timeLines("intake, idle", whileIdle),
    ...timeLines("intake, overload", overload),
    `intake, overload to idle: ${(percentile(overload, 0.95) / percentile(whileIdle, 0.95)).toFixed(1)} times at p95`,
    ...timeLines("text to answer", seen.times.turn),
    ...timeLines("voice tool", seen.times.voice),
    ...timeLines("debug read", seen.times.debug),
    `log, warn and above: ${listOf(world.complaints)}`,
    ...[...seen.strange].map(([text, times]) => `not expected (${times}): ${text}`),
    "",
    "memory without garbage: resident before, after, growth; alive before, after, growth",
  ];
  const grown: string[] = [];
  for (const name of serviceNames) {
    const [before, after] = [run.before.get(name), run.after.get(name)];
    if (!before || !after) continue;
    const resident = after.resident / before.resident;
    const alive = after.alive / before.alive;
    if (Math.max(resident, alive) > allowedGrowth) grown.push(name);
    const columns = [before.resident, after.resident, resident, before.alive, after.alive, alive].map((value) =>
      (value > 100 ? megabytes(value) : percentMore(value)).padStart(11),
    );
    lines.push(`${name.padEnd(10)}${columns.join("")}`);
  }
  lines.push("");
  const intakeP95 = percentile(overload, 0.95);
  const intake = { name: `texts are taken in within ${boundedIntakeMs} ms (p95)`, of: overload.length };
  const all = [
    ...run.checks,
    { name: "no service's memory grew by more than 20 %", of: serviceNames.length, broken: grown },
    { ...intake, broken: intakeP95 <= boundedIntakeMs ? [] : [`${Math.round(intakeP95)} ms`] },
  ];
  const holds = all.every(({ broken }) => broken.length === 0);
  for (const { name, of, broken } of all) {
    lines.push(
      `${broken.length === 0 ? "holds" : "BROKEN"}  ${name} (${of})${broken.length === 0 ? "" : `: ${broken.length}, e.g. ${broken.slice(0, 5).join(", ")}`}`,
    );
  }
  lines.push("", holds ? "The soak holds." : "The soak does NOT hold.");
  return { lines, holds };
}

function timeLines(what: string, times: number[]): string[] {
  const [p50, p95, most] = [percentile(times, 0.5), percentile(times, 0.95), percentile(times, 1)].map(Math.round);
  return [`${what.padEnd(18)} p50 ${p50} ms, p95 ${p95} ms, most ${most} ms (${times.length})`];
}

const listOf = (counts: ReadonlyMap<string, number>) =>
  [...counts]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([name, times]) => `${name}: ${times}`)
    .join(", ") || "none";

const percentMore = (ratio: number) => `${Math.round((ratio - 1) * 100)} %`;
const megabytes = (bytes: number) => `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
