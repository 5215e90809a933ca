import type { CalendarEvent } from "@bookproof/proto/calendar";
import type { StoredEvent } from "../domain/calendar-provider.ts";

export function toCalendarEvent({ id, appointmentId, span, ...event }: StoredEvent): CalendarEvent {
  return { eventId: id, appointmentId, range: span, ...event };
}
