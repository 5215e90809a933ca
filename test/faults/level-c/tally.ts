import { type CellId, cellsOf } from "../matrix.ts";
import { attemptDeadlineMs, graceMs } from "./judge.ts";
import { isKill, nameOf, type Strike } from "./plan.ts";
import type { Round } from "./run-round.ts";

/**
 * From a kill until the process listens again, in the median of a run. 1 to 2 s where the machine has nothing else to do; the limit is one
 * for machines that are busy with the run itself.
 */
const backLimitMs = 5_000;

export interface Tally {
  kills: number;
  fired: Map<string, number>;
  missed: number;
  violations: string[];
  outcomes: { booked: number; escalated: number; told: number; open: number };
  counts: Record<string, number>;
  /** All in ms. */
  recoveries: { name: string; ms: number }[];
  backAfter: { name: string; ms: number }[];
  confirmMs: number[];
}

export const emptyTally = (): Tally => ({
  ...{
    kills: 0,
    fired: new Map(),
    missed: 0,
    violations: [],
    recoveries: [],
    backAfter: [],
    confirmMs: [],
    counts: {},
  },
  outcomes: { booked: 0, escalated: 0, told: 0, open: 0 },
});

const cellOf = ({ fault, stage }: Strike): string => `${fault}/${stage}`;

/** Adds a round. */
export function count(tally: Tally, round: Round): void {
  for (const { strike, backAfterMs } of round.struck) {
    if (isKill(strike)) tally.kills += 1;
    tally.fired.set(cellOf(strike), (tally.fired.get(cellOf(strike)) ?? 0) + 1);
    if (backAfterMs !== undefined) tally.backAfter.push({ name: nameOf(strike), ms: backAfterMs });
  }
  tally.missed += round.missed.length;
  for (const { end, settledAt, takenInAt } of round.outcomes) {
    tally.outcomes[end ?? "open"] += 1;
    if (settledAt !== undefined && takenInAt !== undefined)
      tally.confirmMs.push(Math.round(Math.max(0, settledAt - takenInAt)));
  }
  for (const counts of round.judgement.counts)
    for (const [name, value] of Object.entries(counts)) tally.counts[name] = (tally.counts[name] ?? 0) + value;
  for (const { struck, ms } of round.recoveries) {
    tally.recoveries.push({ name: nameOf(struck.strike), ms });
    if (ms > attemptDeadlineMs + graceMs)
      tally.violations.push(`attempts_end: ${nameOf(struck.strike)} took ${ms} ms to settle`);
  }
  for (const { invariant, subject, what, business } of round.judgement.violations)
    tally.violations.push(`${invariant}: ${what} (${subject}, ${business})`);
  for (const open of round.unsettled)
    tally.violations.push(`attempts_end: still under way when all had healed: ${open}`);
}

/** What the run has shown: `unknown` where a fault that was to strike never did, or nothing was ever booked. */
export function verdictOf(
  tally: Tally,
  wanted: readonly CellId[],
): { verdict: "passed" | "failed" | "unknown"; never: string[] } {
  const median = medianOf(tally.backAfter);
  if (median > backLimitMs) tally.violations.push(`a killed process listened again after ${median} ms in the median`);
  const never: string[] = wanted.filter((cell) => !tally.fired.has(cell));
  if (tally.outcomes.booked === 0) never.push("nothing was booked");
  const verdict = tally.violations.length > 0 ? "failed" : never.length > 0 ? "unknown" : "passed";
  return { verdict, never };
}

/** The cells that a run must fire: those of its own strikes, and all of level C's once it is long enough to come to each. */
export const wantedCells = (strikes: readonly Strike[]): CellId[] => {
  const planned = new Set(strikes.filter(isKill).map(cellOf));
  return cellsOf("C").filter((cell) => planned.has(cell));
};

const medianOf = (times: readonly { ms: number }[]): number =>
  times.map(({ ms }) => ms).sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;

const slowest = (times: readonly { name: string; ms: number }[]) =>
  [...times]
    .sort((a, b) => b.ms - a.ms)
    .slice(0, 3)
    .map(({ name, ms }) => `${ms} ms (${name})`)
    .join(", ");

/** The figures of a run, for people. */
export function figures(tally: Tally): string[] {
  const faults = [...new Set([...tally.fired.keys()].map((cell) => cell.split("/")[0] ?? ""))].sort();
  const times = [...tally.confirmMs].sort((a, b) => a - b);
  const { booked, escalated, told, open } = tally.outcomes;
  return [
    ...["fault               A    B    C    D    E"],
    ...faults.map((fault) =>
      [
        fault.padEnd(17),
        ...["A", "B", "C", "D", "E"].map((stage) => String(tally.fired.get(`${fault}/${stage}`) ?? "–").padStart(4)),
      ].join(" "),
    ),
    `CONFIRMs: ${booked} booked, ${escalated} brought to the owner, ${told} told that there was nothing to confirm, ${open} without an outcome`,
    `CONFIRM taken in to its outcome: median ${times[Math.floor(times.length / 2)] ?? 0} ms, slowest ${times.at(-1) ?? 0} ms`,
    `kill to the outcome of every CONFIRM before it, slowest: ${slowest(tally.recoveries)}`,
    `killed to listening again: median ${medianOf(tally.backAfter)} ms, slowest: ${slowest(tally.backAfter)}`,
    `faults that found nothing to strike: ${tally.missed}`,
    `counted by the checker: ${Object.entries(tally.counts)
      .map(([name, value]) => `${name} ${value}`)
      .join(", ")}`,
  ];
}
