import type { AppointmentRow, TenantHistory } from "../history.ts";
import type { Violation } from "../verdict.ts";
import { appointmentAsOf, confirmedBy } from "./appointment-as-of.ts";
import { eventMissing, eventsAt } from "./calendar-ledger.ts";
import { type Context, phonesIn } from "./context.ts";
import { saysBooked, saysCancelled, saysMoved, slotsIn, slotWords } from "./says-booked.ts";
import { voiceAnswers } from "./voice-answers.ts";

/** Something that was said of a booking, when, and to whom. */
interface Claim {
  subject: string;
  at: number;
  text: string;
  customers: string[];
  appointmentId: string | undefined;
}

/** 1, P1: at the moment of each claim a confirmed row existed, and the calendar's own ledger held its event. */
export function noLies(context: Context): Violation[] {
  const claims = claimsOf(context);
  context.counts.claims = claims.length;
  return claims.flatMap((claim) => {
    const doubts = appointmentsOf(context.history, claim).map((candidate) => doubt(context.history, claim, candidate));
    if (doubts.includes(undefined)) return [];
    const why = doubts.length === 0 ? "the customer has no appointment" : [...new Set(doubts)].join("; ");
    return { invariant: "no_lies", subject: claim.subject, what: `"${claim.text}" was said, but ${why}`, at: claim.at };
  });
}

function claimsOf({ history, toCustomers }: Context): Claim[] {
  const texts = toCustomers.map(({ sid, to, body, acceptedAt }) => ({
    ...{ subject: sid, at: acceptedAt, text: body, customers: [to], appointmentId: undefined },
  }));
  const spoken = voiceAnswers(history.voice).flatMap(({ path, at, texts: said, appointmentId, sent }) =>
    said.map((text) => ({ subject: path, at, text, customers: phonesIn(sent), appointmentId })),
  );
  const stated = history.statements.map(({ channel, at, text, appointmentId, customer }) => ({
    ...{ subject: channel, at, text, appointmentId, customers: customer === undefined ? [] : [customer] },
  }));
  return [...texts, ...spoken, ...stated].filter(({ text }) => saysBooked(text));
}

function appointmentsOf({ tables }: TenantHistory, { appointmentId, customers }: Claim): AppointmentRow[] {
  return tables.appointments.filter((row) =>
    appointmentId === undefined ? customers.includes(row.customerPhone) : row.id === appointmentId,
  );
}

/** Why an appointment does not bear a claim out; undefined where it does. */
function doubt(history: TenantHistory, claim: Claim, row: AppointmentRow): string | undefined {
  if (saysCancelled(claim.text)) return doubtOfCancellation(history, claim, row);
  const confirmed = confirmedBy(history, row.id, claim.at);
  if (saysMoved(claim.text) && !confirmed.some(({ kind }) => kind === "move")) return "it had not been moved";
  if (confirmed.some(({ kind }) => kind === "cancel")) return "it had been cancelled";
  const doubts = appointmentAsOf(history, row, claim.at).map((asOf) => doubtOf(history, claim, asOf));
  return doubts.includes(undefined) ? undefined : doubts[0];
}

/** Cancelled is what an attempt of that kind has done, and the calendar's ledger shows gone. */
function doubtOfCancellation(history: TenantHistory, claim: Claim, row: AppointmentRow): string | undefined {
  const cancelled = confirmedBy(history, row.id, claim.at).find(({ kind }) => kind === "cancel");
  if (!cancelled) return "it had not been cancelled";
  const slot = slotWords(cancelled.startAt, history.tenant.timeZone);
  if (slotsIn(claim.text).some((said) => said !== slot)) return `the appointment that was cancelled was on ${slot}`;
  const event = eventsAt(history, claim.at).find(({ id }) => id === cancelled.calendarEventId);
  return event?.live && event.by === "api" ? "its event is still in the calendar's ledger" : undefined;
}

function doubtOf(history: TenantHistory, claim: Claim, appointment: AppointmentRow): string | undefined {
  const since = confirmedSince(history, appointment);
  if (since === undefined) return `its row is ${appointment.status}`;
  if (claim.at < since) return `its row was confirmed ${since - claim.at} ms later`;
  const slot = slotWords(appointment.startAt, history.tenant.timeZone);
  if (slotsIn(claim.text).some((said) => said !== slot)) return `the appointment is on ${slot}`;
  return eventMissing(history, appointment, claim.at);
}

/** When an appointment's row became confirmed. One that was cancelled later had been confirmed. */
function confirmedSince({ tables }: TenantHistory, { id, status, createdAt }: AppointmentRow): number | undefined {
  const attempts = tables.attempts.filter(({ appointmentId }) => appointmentId === id);
  if (attempts.length === 0) return status === "confirmed" ? createdAt : undefined;
  if (status !== "confirmed" && status !== "cancelled") return undefined;
  return attempts.find((attempt) => attempt.status === "confirmed")?.endedAt;
}
