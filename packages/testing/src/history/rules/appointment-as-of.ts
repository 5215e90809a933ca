import type { AppointmentRow, AttemptRow, TenantHistory } from "../history.ts";

/** The confirmed attempts of an appointment that had ended by a moment, oldest first. */
export function confirmedBy({ tables }: TenantHistory, appointmentId: string, at: number): AttemptRow[] {
  return tables.attempts
    .filter((attempt) => attempt.appointmentId === appointmentId && attempt.status === "confirmed")
    .filter(({ endedAt }) => endedAt !== undefined && endedAt <= at)
    .sort((a, b) => (a.endedAt ?? 0) - (b.endedAt ?? 0));
}

/**
 * An appointment as it stood at a moment: where its last confirmed booking or move put it. Its row as it is now comes second: a person may
 * have moved the event since, and no attempt tells of that.
 */
export function appointmentAsOf(history: TenantHistory, row: AppointmentRow, at: number): AppointmentRow[] {
  const last = confirmedBy(history, row.id, at).findLast(({ kind }) => kind !== "cancel");
  if (!last) return [row];
  const { startAt, endAt, calendarId, calendarEventId } = last;
  return [{ ...row, startAt, endAt, calendarId, calendarEventId }, row];
}
