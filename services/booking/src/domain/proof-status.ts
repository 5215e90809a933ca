/** How far an appointment is proven. Only `proven` may be told as booked, and only `cancelled` as cancelled (P1). */
export type ProofStatus = "proven" | "running" | "no_calendar_event" | "not_booked" | "cancelled";

/**
 * The proof guard: a confirmed row with its calendar event's id, which the calendar does not contradict, or no claim.
 * @param seen.change of the attempt that is asked about, where one is: what it was to do, and how it ended
 */
export function proofStatus(seen: {
  appointment:
    | { status: "pending" | "confirmed" | "failed" | "cancelled"; calendarEventId: string; drift: string }
    | undefined;
  attemptRunning: boolean;
  change?: { kind: "book" | "move" | "cancel"; isConfirmed: boolean; isAsBooked: boolean } | undefined;
}): ProofStatus {
  const { appointment, attemptRunning, change } = seen;
  if (!appointment) return "not_booked";
  if (change?.kind === "cancel") {
    if (attemptRunning) return "running";
    return change.isConfirmed && appointment.status === "cancelled" ? "cancelled" : "not_booked";
  }
  if (change?.kind === "move") {
    if (attemptRunning) return "running";
    if (!change.isConfirmed || !change.isAsBooked) return "not_booked";
  }
  if (appointment.status === "confirmed") {
    if (appointment.drift) return "no_calendar_event";
    return appointment.calendarEventId ? "proven" : "no_calendar_event";
  }
  if (appointment.status === "pending") return attemptRunning ? "running" : "no_calendar_event";
  return "not_booked";
}
