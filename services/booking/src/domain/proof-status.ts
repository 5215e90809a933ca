/** How far an appointment is proven. Only `proven` may be told as booked (P1). */
export type ProofStatus = "proven" | "running" | "no_calendar_event" | "not_booked";

/** The proof guard: a confirmed row with its calendar event's id, or no claim. */
export function proofStatus(seen: {
  appointment: { status: "pending" | "confirmed" | "failed" | "cancelled"; calendarEventId: string } | undefined;
  attemptRunning: boolean;
}): ProofStatus {
  const { appointment, attemptRunning } = seen;
  if (!appointment) return "not_booked";
  if (appointment.status === "confirmed") return appointment.calendarEventId ? "proven" : "no_calendar_event";
  if (appointment.status === "pending") return attemptRunning ? "running" : "no_calendar_event";
  return "not_booked";
}
