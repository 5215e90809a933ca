import { setTimeout as sleep } from "node:timers/promises";
import {
  checkHistory,
  type HistoryCounts,
  type HistorySource,
  readHistories,
  type Violation,
} from "@bookproof/testing";
import type { Customer } from "./journeys/customer.ts";
import type { Struck } from "./strike.ts";
import type { Business } from "./tenants.ts";

/** The product's own deadline of an attempt, and what the design grants it on top in health. */
export const attemptDeadlineMs = 6_000;
export const graceMs = 30_000;
const lookAgainMs = 1_000;

export interface Judgement {
  violations: (Violation & { business: string })[];
  counts: HistoryCounts[];
}

/**
 * Judges the businesses of a round by the history's checker. What only time can bring (an alert, an outcome, an event taken back)
 * is given the time that the design gives it; what is wrong for good stays wrong.
 */
export async function judge(
  source: HistorySource,
  round: {
    businesses: readonly Business[];
    customers: readonly Customer[];
    struck: readonly Struck[];
    healedAt: number;
  },
): Promise<Judgement> {
  const { businesses, customers, struck, healedAt } = round;
  const requests = businesses.map((business) => ({
    tenant: business.history,
    voice: customers.filter((one) => one.business === business).flatMap(({ voice }) => voice),
  }));
  // A notifier that is killed or stands still in the middle of a send cannot know whether it is out.
  const cuts = struck.flatMap(({ strike, at, healedAt: to }) =>
    "service" in strike && strike.service === "notifier" ? [{ from: at - lookAgainMs, to }] : [],
  );
  const options = { healedAt, attemptDeadlineMs, graceMs, cuts };
  for (;;) {
    const isLast = Date.now() > healedAt + attemptDeadlineMs + graceMs;
    const histories = await readHistories(source, requests);
    const reports = histories.map((history) => checkHistory(history, { ...options, readAt: Date.now() }));
    const violations = reports.flatMap((report, index) =>
      report.violations.map((violation) => ({ ...violation, business: businesses[index]?.id ?? "" })),
    );
    if (violations.length === 0 || isLast) return { violations, counts: reports.map(({ counts }) => counts) };
    await sleep(lookAgainMs);
  }
}
