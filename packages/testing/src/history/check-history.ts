import type { TenantHistory } from "./history.ts";
import { attemptsEnd } from "./rules/attempts-end.ts";
import { openContext, type Rule } from "./rules/context.ts";
import { noCrossing } from "./rules/no-crossing.ts";
import { noLies } from "./rules/no-lies.ts";
import { noSilence } from "./rules/no-silence.ts";
import { noTextAfterStop } from "./rules/no-text-after-stop.ts";
import { nothingLost } from "./rules/nothing-lost.ts";
import { oneAlert } from "./rules/one-alert.ts";
import { oneEvent } from "./rules/one-event.ts";
import { terminalStates } from "./rules/terminal-states.ts";
import type { CheckOptions, HistoryCounts, HistoryReport } from "./verdict.ts";

const rules: readonly Rule[] = [
  ...[noLies, noSilence, oneAlert, oneEvent, noCrossing, noTextAfterStop, terminalStates, attemptsEnd, nothingLost],
];

/**
 * Judges one tenant's history, read after its faults had healed and its deadlines had passed, by the invariants of the fault
 * design. Pure. It believes the vendors' ledgers; our tables are the claims that it checks.
 */
export function checkHistory(history: TenantHistory, options: CheckOptions): HistoryReport {
  const counts: HistoryCounts = {
    ...{ texts: 0, confirms: 0, booked: 0, escalated: 0, unknownThenResolved: 0, claims: 0, alerts: 0 },
    ...{ duplicateAlertsAfterUnknownSends: 0, duplicateTextsAfterUnknownSends: 0, refusedTexts: 0 },
  };
  const given = { readAt: Date.now(), graceMs: 30_000, lostSlotMs: 30 * 60_000, blocklist: [], cuts: [], ...options };
  const context = openContext(history, given, counts);
  return { violations: rules.flatMap((rule) => rule(context)), counts };
}
