import { type CellId, cells, cellsOf, stages } from "../matrix.ts";
import type { SeedResult } from "./run-seed.ts";

/** How often each cell fired, and what the run amounts to. */
export interface Tally {
  seeds: number;
  booked: number;
  confirms: number;
  escalated: number;
  duplicates: number;
  fired: Map<CellId, number>;
  violated: SeedResult[];
}

export const emptyTally = (): Tally => ({
  ...{ seeds: 0, booked: 0, confirms: 0, escalated: 0, duplicates: 0 },
  fired: new Map(),
  violated: [],
});

export function count(tally: Tally, result: SeedResult): void {
  const { counts } = result;
  tally.seeds += 1;
  tally.booked += counts.booked;
  tally.confirms += counts.confirms;
  tally.escalated += counts.escalated;
  tally.duplicates += counts.duplicateAlertsAfterUnknownSends + counts.duplicateTextsAfterUnknownSends;
  for (const cell of result.cells) tally.fired.set(cell, (tally.fired.get(cell) ?? 0) + 1);
  if (result.violations.length > 0) tally.violated.push(result);
}

/** `unknown` where a declared cell never fired, or no journey succeeded: such a run proves nothing. */
export function verdictOf(tally: Tally, wanted: readonly CellId[] = cellsOf("A")): "passed" | "failed" | "unknown" {
  if (tally.violated.length > 0) return "failed";
  return tally.booked > 0 && wanted.every((cell) => tally.fired.has(cell)) ? "passed" : "unknown";
}

/** The matrix with how often each cell fired: a number, `0!` where it should have, `C` for another level, `-` not built. */
export function coverageTable({ fired }: Tally): string {
  const faults = [...new Set(cells.map(({ fault }) => fault))];
  const widest = Math.max(...faults.map((fault) => fault.length));
  const lines = faults.map((fault) => {
    const columns = stages.map((stage) => {
      const cell = cells.find((candidate) => candidate.fault === fault && candidate.stage === stage);
      if (!cell) return "";
      const times = fired.get(cell.id) ?? 0;
      if (cell.levels.includes("A")) return times > 0 ? String(times) : "0!";
      return cell.missing ? "-" : cell.levels.join("");
    });
    return [fault.padEnd(widest), ...columns.map((column) => column.padStart(6))].join("");
  });
  return [["".padEnd(widest), ...stages.map((stage) => stage.padStart(6))].join(""), ...lines].join("\n");
}
