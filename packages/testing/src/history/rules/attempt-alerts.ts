import type { AttemptRow, EscalationRow } from "../history.ts";
import type { Context } from "./context.ts";
import { endsOfAttempt, type OwnerAlert } from "./owner-alerts.ts";

/** The accepted alerts, resolutions included, that carry the reference of one of the escalations. Calls carry none. */
export function alertsOf({ alerts }: Context, escalations: EscalationRow[]): OwnerAlert[] {
  const refs = new Set(escalations.map(({ ref }) => ref));
  return alerts.filter(({ ref }) => ref !== undefined && refs.has(ref));
}

/** The escalations of an attempt: its own, and such as tell of a CONFIRM's end in its journey without knowing which. */
export function escalationsOf({ history }: Context, attempt: AttemptRow): EscalationRow[] {
  const { escalations, attempts } = history.tables;
  const isOnly = attempts.filter(({ cid }) => cid === attempt.cid).length === 1;
  return escalations.filter(
    ({ attemptId, cid, reason }) =>
      attemptId === attempt.id ||
      (attemptId === undefined && isOnly && cid === attempt.cid && endsOfAttempt.has(reason)),
  );
}

/** The first alerts of an attempt that were accepted. */
export function alertsOfAttempt(context: Context, attempt: AttemptRow): OwnerAlert[] {
  return alertsOf(context, escalationsOf(context, attempt)).filter(({ phase }) => phase === "alert");
}

/** Attempts that were booked, each with what its owner was told of a failure. */
export function endedBooked(context: Context): { attempt: AttemptRow; alerts: OwnerAlert[] }[] {
  return context.history.tables.attempts
    .filter(({ status }) => status === "confirmed")
    .map((attempt) => {
      const escalations = escalationsOf(context, attempt).filter(({ reason }) => endsOfAttempt.has(reason));
      return { attempt, alerts: alertsOf(context, escalations) };
    });
}
