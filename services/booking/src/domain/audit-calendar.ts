/** A confirmed appointment as its row has it. Instants in milliseconds since the epoch. */
export interface AuditedAppointment {
  appointmentId: string;
  eventId: string;
  start: number;
  end: number;
}

/** A live event that carries our mark, as its calendar shows it. */
export interface AuditedEvent {
  eventId: string;
  appointmentId: string;
  start: number;
  end: number;
  declined: boolean;
}

export type Difference =
  | { kind: "missing"; appointment: AuditedAppointment }
  | { kind: "moved" | "declined"; appointment: AuditedAppointment; event: AuditedEvent }
  | { kind: "orphan"; event: AuditedEvent };

/** Every difference between a calendar's appointments and its events, both ways, in the order of time. Each of them is in one at most. */
export function auditCalendar(
  appointments: readonly AuditedAppointment[],
  events: readonly AuditedEvent[],
): Difference[] {
  const held = new Map(appointments.map((appointment) => [appointment.eventId, appointment]));
  const seen = new Set<string>();
  const differences: Difference[] = [];
  for (const event of events) {
    const appointment = held.get(event.eventId);
    // One whose mark names another appointment is not this one's any more.
    if (!appointment || appointment.appointmentId !== event.appointmentId) {
      differences.push({ kind: "orphan", event });
      continue;
    }
    seen.add(event.eventId);
    if (event.declined) differences.push({ kind: "declined", appointment, event });
    else if (event.start !== appointment.start || event.end !== appointment.end)
      differences.push({ kind: "moved", appointment, event });
  }
  for (const appointment of appointments)
    if (!seen.has(appointment.eventId)) differences.push({ kind: "missing", appointment });
  const at = (difference: Difference) =>
    ("appointment" in difference ? difference.appointment : difference.event).start;
  return differences.sort((a, b) => at(a) - at(b));
}
