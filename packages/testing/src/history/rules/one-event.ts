import type { Violation } from "../verdict.ts";
import { eventMissing, eventsAt, type LedgerEvent } from "./calendar-ledger.ts";
import type { Context } from "./context.ts";

interface Busy {
  id: string;
  calendarId: string;
  from: number;
  to: number;
}

/** 4: one live event for each confirmed appointment, no event without one, and nothing overlaps on a calendar. */
export function oneEvent({ history, options }: Context): Violation[] {
  const at = options.readAt;
  const { appointments, holds } = history.tables;
  const confirmed = appointments.filter(({ status }) => status === "confirmed");
  const live = eventsAt(history, at).filter((event) => event.live && event.by === "api");
  // One that drifted says so itself, and its owner was told; what may still take effect is settled by now.
  const bare = confirmed.flatMap((row) => {
    if (row.drift !== "" && row.drift !== "uncertain") return [];
    const missing = eventMissing(history, row, at);
    return missing ? [violation(row.id, `the appointment is confirmed, but ${missing}`, at)] : [];
  });
  const orphans = live
    .filter(
      ({ id, calendarId }) => !confirmed.some((row) => row.calendarEventId === id && row.calendarId === calendarId),
    )
    .map(({ id, changedAt }) => violation(id, "a live event of ours that no confirmed appointment holds", changedAt));
  const doubled = confirmed
    .filter(({ id }) => live.filter(({ appointmentId }) => appointmentId === id).length > 1)
    .map(({ id }) => violation(id, "the appointment has more than one live event", at));
  return [
    ...bare,
    ...orphans,
    ...doubled,
    ...overlaps(
      "appointments",
      confirmed.map(({ id, calendarId, startAt, endAt }) => ({ id, calendarId, from: startAt, to: endAt })),
      at,
    ),
    ...overlaps("events", live.map(spanOf), at),
    ...overlaps(
      "holds in force",
      holds
        .filter(
          ({ status, expiresAt }) =>
            status === "confirmed" || ((status === "held" || status === "kept") && expiresAt > at),
        )
        .map(({ id, calendarId, busyFrom, busyTo }) => ({ id, calendarId, from: busyFrom, to: busyTo })),
      at,
    ),
  ];
}

const spanOf = ({ id, calendarId, startAt, endAt }: LedgerEvent): Busy => ({
  id,
  calendarId,
  from: startAt,
  to: endAt,
});

function overlaps(what: string, spans: Busy[], at: number): Violation[] {
  return spans.flatMap((one, place) =>
    spans
      .slice(place + 1)
      .filter((other) => other.calendarId === one.calendarId && other.from < one.to && one.from < other.to)
      .map((other) => violation(one.id, `two ${what} overlap on ${one.calendarId}: this and ${other.id}`, at)),
  );
}

function violation(subject: string, what: string, at: number): Violation {
  return { invariant: "one_event", subject, what, at };
}
