import { checkHistory } from "../check-history.ts";
import type { TenantHistory } from "../history.ts";
import type { CheckOptions, Invariant } from "../verdict.ts";
import { start } from "./a-history.ts";

export const options: CheckOptions = { healedAt: start, readAt: start + 120_000, attemptDeadlineMs: 6_000 };

/** Which invariants a history violates, each once. */
export const invariantsOf = (history: TenantHistory, more: Partial<CheckOptions> = {}): Invariant[] => [
  ...new Set(checkHistory(history, { ...options, ...more }).violations.map(({ invariant }) => invariant)),
];

/** The first of a list that a made history is known to have. */
export function first<T>(list: T[]): T {
  const [item] = list;
  if (item === undefined) throw new Error("the made history lacks what the test changes");
  return item;
}

/** A made history with something changed. */
export const changed = (from: () => TenantHistory, change: (history: TenantHistory) => void): TenantHistory => {
  const history = from();
  change(history);
  return history;
};

export type Case = [what: string, history: TenantHistory];
