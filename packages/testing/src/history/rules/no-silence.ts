import type { AppointmentRow } from "../history.ts";
import type { Violation } from "../verdict.ts";
import { alertsOfAttempt, endedBooked } from "./attempt-alerts.ts";
import { eventMissing } from "./calendar-ledger.ts";
import { type Confirm, textConfirms, voiceConfirms } from "./confirms.ts";
import type { Context } from "./context.ts";
import { isTakenIn } from "./intake.ts";
import { isAbout } from "./owner-alerts.ts";
import { slotWords } from "./says-booked.ts";

const toldLost = /\bjust taken\b|\balready passed\b/i;
const toldVoid = /\bnot holding that time\b|\bhaven't sent you a code\b|\bnot quite right\b|\bno tries left\b/i;
const askedAgain = /\breply confirm\b|\bjust the word confirm\b|\bnothing to confirm\b/i;
/** The vendors' clock and ours are one; a row's time and an alert's may still be a moment apart. */
const momentMs = 1_000;

/** 2, P2: each CONFIRM ends booked, or with the flag set and an alert accepted; both only where the outcome was unknown for a while. */
export function noSilence(context: Context): Violation[] {
  const { counts } = context;
  const confirms = [...textConfirms(context), ...voiceConfirms(context)];
  const silent = confirms.flatMap((confirm) => {
    const end = endOf(context, confirm);
    if (end.kind !== "void") counts.confirms += 1;
    if (end.kind === "booked" || end.kind === "escalated") counts[end.kind] += 1;
    return end.kind === "silent" ? [violation(confirm.subject, end.what, confirm.at)] : [];
  });
  return [...silent, ...unalerted(context), ...both(context)];
}

/** `open`: told that the slot was lost, and the owner need not have heard yet. `void`: it could confirm nothing, and that was said. */
type End = { kind: "booked" | "escalated" | "open" | "void" } | { kind: "silent"; what: string };

function endOf(context: Context, confirm: Confirm): End {
  if (isBooked(context, confirm) || isChanged(context, confirm)) return { kind: "booked" };
  const taken = isTakenIn(context, confirm.subject);
  if (taken === "refused" || taken === "ignored") return { kind: "void" };
  const alerted = alertedOf(context, confirm);
  const flagged = taken === "degraded" || isFlagged(context, confirm);
  if (alerted && flagged) return { kind: "escalated" };
  const said = [...confirm.answers, ...confirm.later.map(({ body }) => body)];
  const lost = said.some((text) => toldLost.test(text));
  if (lost && context.options.readAt < confirm.at + context.options.lostSlotMs) return { kind: "open" };
  if (confirm.answers.some((answer) => toldVoid.test(answer))) return { kind: "void" };
  if (confirm.amongOthers && said.some((text) => askedAgain.test(text))) return { kind: "void" };
  const state = `${alerted ? "alerted" : "no alert"}, ${flagged ? "needs_human" : "no needs_human"}`;
  const what = `${confirm.customer} confirmed, and it ended neither booked nor with a human: ${state}${lost ? ", told that the slot was lost" : ""}`;
  return { kind: "silent", what };
}

function isBooked({ history, options }: Context, { customer, slot, at }: Confirm): boolean {
  const { appointments, attempts } = history.tables;
  const isMeant = ({ id, startAt }: AppointmentRow) =>
    slotWords(startAt, history.tenant.timeZone) === slot ||
    attempts.some(
      ({ appointmentId, createdAt, endedAt = createdAt }) => appointmentId === id && endedAt >= at - momentMs,
    ) ||
    slot === undefined;
  return appointments.some(
    (row) =>
      row.customerPhone === customer &&
      row.status === "confirmed" &&
      isMeant(row) &&
      eventMissing(history, row, options.readAt) === undefined,
  );
}

/** The appointment was moved or cancelled by this CONFIRM, or by one that came after it was booked. */
function isChanged({ history }: Context, { customer, at }: Confirm): boolean {
  return history.tables.attempts.some(
    ({ customerPhone, kind, status, endedAt = 0 }) =>
      customerPhone === customer && kind !== "book" && status === "confirmed" && endedAt >= at - momentMs,
  );
}

function alertedOf({ alerts, history }: Context, { customer, at }: Confirm): boolean {
  const about = alerts.filter((alert) => alert.phase === "alert" && isAbout(alert, customer));
  const pausedBefore = history.tables.conversations.some(
    ({ customerPhone, needsHumanAt }) => customerPhone === customer && needsHumanAt !== undefined && needsHumanAt <= at,
  );
  return about.some((alert) => pausedBefore || alert.at >= at - momentMs);
}

/** A human who settled it took the flag away. */
function isFlagged({ history }: Context, { customer }: Confirm): boolean {
  const { conversations, calls, escalations } = history.tables;
  return (
    conversations.some(({ customerPhone, needsHuman }) => customerPhone === customer && needsHuman) ||
    calls.some(({ customerPhone, needsHuman }) => customerPhone === customer && needsHuman) ||
    escalations.some(({ customerPhone, resolvedAt }) => customerPhone === customer && resolvedAt !== undefined)
  );
}

/** Whoever confirmed, and wherever: a failed attempt was brought to the owner. */
function unalerted(context: Context): Violation[] {
  const { attempts } = context.history.tables;
  return attempts
    .filter(({ status }) => status === "failed")
    .filter((attempt) => alertsOfAttempt(context, attempt).length === 0)
    .filter(
      ({ customerPhone }) =>
        !context.alerts.some((alert) => alert.channel === "voice" && isAbout(alert, customerPhone)),
    )
    .map(({ id, reason, cause, endedAt = 0 }) =>
      violation(id, `the attempt failed (${reason}, ${cause}) and no alert was accepted`, endedAt),
    );
}

/** Booked, and the owner told of a failure: only where the alert said "unknown" and "resolved" followed. */
function both(context: Context): Violation[] {
  return endedBooked(context).flatMap(({ attempt, alerts }) => {
    const wrong = alerts.filter(({ phase, reason }) => phase === "alert" && reason !== "booking_outcome_unknown");
    if (wrong[0])
      return [
        violation(attempt.id, `it is booked, and the owner was told that it failed: ${wrong[0].text}`, wrong[0].at),
      ];
    const unknown = alerts.find(({ phase }) => phase === "alert");
    if (!unknown) return [];
    const resolved = alerts.some(({ phase, at }) => phase === "resolved" && at >= unknown.at);
    if (resolved) context.counts.unknownThenResolved += 1;
    return resolved
      ? []
      : [
          violation(
            attempt.id,
            "it is booked after an alert of an unknown outcome, and no RESOLVED followed",
            unknown.at,
          ),
        ];
  });
}

function violation(subject: string, what: string, at: number): Violation {
  return { invariant: "no_silence", subject, what, at };
}
