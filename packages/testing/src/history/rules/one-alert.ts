import type { Violation } from "../verdict.ts";
import { alertsOf, escalationsOf } from "./attempt-alerts.ts";
import type { Context } from "./context.ts";
import type { OwnerAlert } from "./owner-alerts.ts";
import { couldNotBeFoundOut } from "./unknown-sends.ts";

/** 3: one first alert for each failed attempt, and for each other escalation; more only after a send that nobody could look up. */
export function oneAlert(context: Context): Violation[] {
  const { attempts, escalations } = context.history.tables;
  const ofAttempts = attempts.map((attempt) => ({ subject: attempt.id, raised: escalationsOf(context, attempt) }));
  const grouped = new Set(ofAttempts.flatMap(({ raised }) => raised));
  const others = escalations
    .filter((escalation) => !grouped.has(escalation))
    .map((escalation) => ({ subject: escalation.id, raised: [escalation] }));
  return [...ofAttempts, ...others].flatMap(({ subject, raised }) => {
    const first = alertsOf(context, raised).filter(({ phase }) => phase === "alert");
    context.counts.alerts += first.length;
    return repeats(
      context,
      subject,
      first.filter(({ arrived }) => arrived),
    );
  });
}

function repeats(context: Context, subject: string, alerts: OwnerAlert[]): Violation[] {
  return alerts.flatMap((alert, place) => {
    const before = alerts[place - 1];
    if (!before) return [];
    if (couldNotBeFoundOut(context, before, alert)) {
      context.counts.duplicateAlertsAfterUnknownSends += 1;
      return [];
    }
    const what = `alerted again after ${alert.at - before.at} ms (${before.channel} ${before.to}, then ${alert.channel} ${alert.to}), though no look-up had failed`;
    return [{ invariant: "one_alert", subject, what, at: alert.at }];
  });
}
