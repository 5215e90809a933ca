import type { CalendarEvent } from "@bookproof/proto/calendar";
import type { Deps } from "../deps.ts";
import type { AttemptCalendar, ChangeSeen } from "../domain/prove-calendar-change.ts";
import type { Attempt } from "../queries/attempts.ts";

/** The calendar service as one attempt uses it: one event id, one change, one deadline. */
export function attemptCalendar(deps: Deps, tenantId: string, attempt: Attempt): AttemptCalendar {
  const calendar = openEvent(deps, tenantId, attempt);
  if (attempt.kind === "cancel") return cancelling(calendar);
  return movesInPlace(attempt) ? moving(calendar) : inserting(calendar);
}

/** Whether an attempt moves the appointment's event; a move to another calendar makes an event there, as a booking does. */
export function movesInPlace({ kind, snapshot, calendarEventId }: Attempt): boolean {
  return kind === "move" && snapshot.was?.calendarEventId === calendarEventId;
}

function inserting({ attempt, wanted, where, ...calendar }: OpenedEvent): AttemptCalendar {
  const { snapshot } = attempt;
  return {
    writeProves: true,
    async write() {
      await calendar.deps.calendar.insertEvent(
        {
          ...where,
          appointmentId: attempt.appointmentId,
          range: wanted,
          summary: `${snapshot.offeringName}: ${snapshot.customerName}`,
          description: `Booked with ${snapshot.tenantName} by ${snapshot.customerPhone || snapshot.customerEmail}`,
          location: snapshot.address,
          notAfter: attempt.deadline,
          cid: attempt.cid,
        },
        calendar.writing,
      );
    },
    async look() {
      const event = await calendar.get();
      if (!event) return "undone";
      return isAt(event, attempt, wanted) ? "done" : "other";
    },
  };
}

/** Moved = the calendar shows the new time (docs/architecture.md). */
function moving({ attempt, wanted, where, ...calendar }: OpenedEvent): AttemptCalendar {
  return {
    writeProves: false,
    async write() {
      const { appointmentId, deadline: notAfter, cid } = attempt;
      const patch = { ...where, appointmentId, range: wanted, notAfter, cid };
      await calendar.deps.calendar.patchEvent(patch, calendar.writing);
    },
    async look() {
      const event = await calendar.get();
      if (isAt(event, attempt, wanted)) return "done";
      return isAt(event, attempt, timeBefore(attempt)) ? "undone" : "other";
    },
  };
}

/** Cancelled = the calendar shows it gone. */
function cancelling({ attempt, where, ...calendar }: OpenedEvent): AttemptCalendar {
  return {
    writeProves: false,
    async write() {
      await calendar.deps.calendar.deleteEvent(where, calendar.writing);
    },
    async look(): Promise<ChangeSeen> {
      const event = await calendar.get();
      if (!event?.live) return "done";
      return event.appointmentId === attempt.appointmentId ? "undone" : "other";
    },
  };
}

type OpenedEvent = ReturnType<typeof openEvent>;

function openEvent(deps: Deps, tenantId: string, attempt: Attempt) {
  const { snapshot } = attempt;
  const where = { tenantId, calendarId: snapshot.calendarId, eventId: attempt.calendarEventId };
  return {
    ...{ deps, attempt, where },
    wanted: rangeOf(snapshot.start, snapshot.durationMinutes),
    // A little more than the calendar gives its provider, so that its own answer arrives first.
    writing: { deadline: deps.config.saga.insertTimeoutMs + 300, retry: false },
    async get(): Promise<CalendarEvent | undefined> {
      const reading = { deadline: deps.config.saga.getTimeoutMs + 200, retryMaxAttempts: 2 };
      return (await deps.calendar.getEvent(where, reading)).event;
    },
  };
}

/** Where the appointment's event was before a change. */
export function timeBefore({ snapshot }: Attempt): TimeRange {
  return rangeOf(snapshot.was?.start ?? snapshot.start, snapshot.was?.durationMinutes ?? snapshot.durationMinutes);
}

interface TimeRange {
  from: Date;
  to: Date;
}

function rangeOf(start: string, durationMinutes: number): TimeRange {
  const from = new Date(start);
  return { from, to: new Date(from.getTime() + durationMinutes * 60_000) };
}

/** Live, this appointment's, and exactly at this time. */
function isAt(event: CalendarEvent | undefined, { appointmentId }: Attempt, { from, to }: TimeRange): boolean {
  return (
    event?.live === true &&
    event.appointmentId === appointmentId &&
    event.range?.from?.getTime() === from.getTime() &&
    event.range.to?.getTime() === to.getTime()
  );
}
