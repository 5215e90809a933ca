import type { Violation } from "../verdict.ts";
import type { Context } from "./context.ts";

const terminal: ReadonlySet<string> = new Set(["delivered", "undelivered", "failed", "canceled", "read"]);
/** Twilio's word for an end → ours. */
const meaning: Readonly<Record<string, string>> = { canceled: "failed", read: "delivered" };

/** 6: what ended stays as it ended: attempts, their appointments and holds, journeys, messages. */
export function terminalStates(context: Context): Violation[] {
  return [...attempts(context), ...journeys(context), ...messages(context)];
}

function attempts({ history }: Context): Violation[] {
  const { attempts: rows, appointments, holds, traces } = history.tables;
  return rows.flatMap((attempt) => {
    const { id, status, endedAt = attempt.createdAt } = attempt;
    if (status === "started") return [];
    const opposite = status === "confirmed" ? "FAILED" : "BOOKED";
    const traced = traces.find(
      (trace) => trace.service === "booking" && trace.attemptId === id && trace.stage === opposite,
    );
    const appointment = appointments.find((row) => row.id === attempt.appointmentId);
    const hold = holds.find((row) => row.id === attempt.holdId);
    const isConfirmed = status === "confirmed";
    return [
      traced && violation(id, `the attempt is ${status}, and was traced as ${opposite}`, traced.at),
      isConfirmed &&
        appointment?.status === "failed" &&
        violation(id, "the attempt is confirmed, its appointment failed", endedAt),
      !isConfirmed &&
        attempt.kind === "book" &&
        appointment?.status === "confirmed" &&
        violation(id, "the attempt failed, its appointment is confirmed", endedAt),
      isConfirmed &&
        appointment?.status === "confirmed" &&
        appointment.holdId === attempt.holdId &&
        hold?.status !== "confirmed" &&
        violation(id, `the attempt is confirmed, its hold ${hold?.status ?? "gone"}`, endedAt),
    ].filter((found) => typeof found === "object");
  });
}

/** A journey that is booked shows so on its conversation, as long as no other has begun. */
function journeys({ history }: Context): Violation[] {
  const { conversations, attempts: rows } = history.tables;
  return rows
    .filter(({ status }) => status === "confirmed")
    .flatMap(({ cid, kind, endedAt = 0 }) =>
      conversations
        .filter(
          (conversation) =>
            conversation.cid === cid &&
            conversation.stage !== (kind === "cancel" ? "CONFIRM" : "BOOKED") &&
            conversation.stage !== "NEEDS_HUMAN",
        )
        .map(({ id, stage }) => violation(id, `the journey was booked, and its conversation is at ${stage}`, endedAt)),
    );
}

/** A message whose end Twilio reported, and we acknowledged, has an end that was reported. */
function messages({ history }: Context): Violation[] {
  const acknowledged = history.ledgers.callbacks.filter(({ httpStatus }) => httpStatus !== null && httpStatus < 300);
  return history.tables.outgoing.flatMap(({ id, channel, providerSid, status }) => {
    if (channel !== "sms" || providerSid === undefined) return [];
    const ends = acknowledged.filter((callback) => callback.sid === providerSid && terminal.has(callback.status));
    const last = ends.at(-1);
    if (!last || ends.some((end) => (meaning[end.status] ?? end.status) === status)) return [];
    return [violation(id, `Twilio reported ${last.status}, and the message is ${status}`, last.postedAt)];
  });
}

function violation(subject: string, what: string, at: number): Violation {
  return { invariant: "terminal_states", subject, what, at };
}
