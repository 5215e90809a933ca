import type { Invariant } from "@bookproof/testing";
import type { ScenarioName } from "../level-a/plan.ts";
import type { CellId } from "../matrix.ts";

/** One text of one file, replaced as the file is loaded. */
export interface Patch {
  /** From the repository's root. */
  file: string;
  /** Must occur exactly once: a mutant that no longer fits the code is an error, never a mutant that does nothing. */
  find: string;
  replace: string;
}

/** A defect that the history checker must catch in the simulation. */
export interface Mutant {
  name: string;
  /** What is broken, in a few words. */
  what: string;
  /** Any of these, violated, catches it. */
  breaks: Invariant[];
  patches: Patch[];
  /** Run on the migrated database. */
  sql?: string[];
  /**
   * A second defect that leans on what the mutant breaks. The control run has it too: then it shows that the defence alone held,
   * and only the mutant's own invariants are judged.
   */
  provocation?: Patch[];
  /** The plans under which the simulation catches it soon. */
  plans: { cells: CellId[]; scenario?: ScenarioName; runs: number };
}

/** @throws Error when the text does not occur exactly once. */
export function applyPatch(source: string, { file, find, replace }: Patch): string {
  const parts = source.split(find);
  if (parts.length !== 2)
    throw new Error(
      `a planted mutant is stale: its text occurs ${parts.length - 1} times in ${file}, not once:\n${find}`,
    );
  return parts.join(replace);
}
