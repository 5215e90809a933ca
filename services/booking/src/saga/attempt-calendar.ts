import type { CalendarEvent } from "@bookproof/proto/calendar";
import type { Deps } from "../deps.ts";
import type { AttemptCalendar, EventSeen } from "../domain/prove-calendar-event.ts";
import type { Attempt } from "../queries/attempts.ts";

/** The calendar service as one attempt uses it: one event id, one time, one deadline. */
export function attemptCalendar(deps: Deps, tenantId: string, attempt: Attempt): AttemptCalendar {
  const { snapshot } = attempt;
  const start = new Date(snapshot.start);
  const end = new Date(start.getTime() + snapshot.durationMinutes * 60_000);
  const where = { tenantId, calendarId: snapshot.calendarId, eventId: attempt.calendarEventId };
  return {
    async insert() {
      await deps.calendar.insertEvent(
        {
          ...where,
          appointmentId: attempt.appointmentId,
          range: { from: start, to: end },
          summary: `${snapshot.offeringName}: ${snapshot.customerName}`,
          description: `Booked with ${snapshot.tenantName} by ${snapshot.customerPhone || snapshot.customerEmail}`,
          location: snapshot.address,
          notAfter: attempt.deadline,
          cid: attempt.cid,
        },
        // A little more than the calendar gives its provider, so that its own answer arrives first.
        { deadline: deps.config.saga.insertTimeoutMs + 300, retry: false },
      );
    },
    async get() {
      const { event } = await deps.calendar.getEvent(where, {
        deadline: deps.config.saga.getTimeoutMs + 200,
        retryMaxAttempts: 2,
      });
      return seen(event, { appointmentId: attempt.appointmentId, start, end });
    },
  };
}

function seen(
  event: CalendarEvent | undefined,
  expected: { appointmentId: string; start: Date; end: Date },
): EventSeen {
  if (!event) return "absent";
  const same =
    event.live &&
    event.appointmentId === expected.appointmentId &&
    event.range?.from?.getTime() === expected.start.getTime() &&
    event.range.to?.getTime() === expected.end.getTime();
  return same ? "ours" : "not_ours";
}
