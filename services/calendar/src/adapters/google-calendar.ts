import { BookproofError } from "@bookproof/errors";
import type { calendar_v3 } from "@googleapis/calendar";
import type { BusySpan, CalendarProvider, MovedEvent, NewEvent, StoredEvent } from "../domain/calendar-provider.ts";
import { type Span, splitSpan } from "../domain/span.ts";
import { marksOf, readBusy, readEvent } from "./google-answers.ts";
import type { GoogleCalendarOptions } from "./google-calendar-options.ts";
import { GoogleFailure } from "./google-failure.ts";
import { listChanges, listOwnEvents } from "./google-lists.ts";
import { orReason, writeReasons } from "./google-reasons.ts";

/** freebusy.query refuses ranges of about 90 days and more ("The requested time range is too long"). */
const longestBusyRangeMs = 60 * 24 * 60 * 60_000;

/** Timers can ring a moment before the clock shows their time. */
const timerSlackMs = 5;

/** A calendar whose events are kept at Google. */
export function createGoogleCalendar(options: GoogleCalendarOptions): CalendarProvider {
  const { client, times, now, failed } = options;
  const calendarId = options.googleCalendarId;

  const queryBusy = ({ from, to }: Span): Promise<BusySpan[]> =>
    client.call(async (api, limit) => {
      const requestBody = { timeMin: from.toISOString(), timeMax: to.toISOString(), items: [{ id: calendarId }] };
      return readBusy((await api.freebusy.query({ requestBody }, limit)).data, calendarId);
    }, times.busyMs);

  async function find(eventId: string) {
    const deadline = performance.now() + times.getMs;
    try {
      return await client.call(
        async (api, limit) => readEvent((await api.events.get({ calendarId, eventId }, limit)).data, options),
        times.getMs,
      );
    } catch (error) {
      if (!isAbsent(error)) throw error;
    }
    // A calendar that is no longer shared with us is a 404 as well: only one that can be read proves the absence.
    await client.call(
      (api, limit) => api.events.list({ calendarId, maxResults: 1, fields: "kind" }, limit),
      deadline - performance.now(),
    );
    return undefined;
  }

  /** One request that writes, until `notAfter`. */
  function write<T>(work: (api: calendar_v3.Calendar, limit: { timeout: number }) => Promise<T>, notAfter: number) {
    return orReason(client.call(work, Math.min(times.writeMs, notAfter - now())), failed, ({ kind, sent }) => {
      if (!sent && now() >= notAfter - timerSlackMs) return "too_late";
      // Signing in failed before anything was sent: surely nothing was written.
      return !sent && kind === "unanswered" ? "calendar_refused" : writeReasons[kind];
    });
  }

  async function remove(eventId: string): Promise<void> {
    try {
      await client.call(
        (api, limit) => api.events.delete({ calendarId, eventId, sendUpdates: "none" }, limit),
        times.writeMs,
      );
    } catch (error) {
      if (!isAbsent(error)) throw error;
    }
  }

  return {
    async busy(range) {
      const answers = Promise.all(splitSpan(range, longestBusyRangeMs).map(queryBusy));
      return (await orReason(answers, failed)).flat();
    },
    insert: (event) =>
      write(async (api, limit) => {
        const asked = { calendarId, sendUpdates: "none", requestBody: toResource(event) };
        return readEvent((await api.events.insert(asked, limit)).data, options);
      }, event.notAfter.getTime()),
    async patch(event) {
      const moved = await write(async (api, limit) => {
        const asked = { calendarId, eventId: event.id, sendUpdates: "none", requestBody: toTimes(event) };
        return readEvent((await api.events.patch(asked, limit)).data, options);
      }, event.notAfter.getTime());
      refuseOthers(moved, event);
      return moved;
    },
    get: (id) => orReason(find(id), failed),
    delete: (id) => orReason(remove(id), failed, ({ kind }) => writeReasons[kind]),
    ownEvents: (range) => orReason(listOwnEvents(options, range), failed),
    changes: (since) => orReason(listChanges(options, since), failed),
  };
}

function toResource(event: NewEvent) {
  const { id, summary, description, location } = event;
  return {
    ...{ id, summary, description, location },
    start: { dateTime: event.from.toISOString() },
    end: { dateTime: event.to.toISOString() },
    extendedProperties: { private: marksOf(event) },
  };
}

/** A date, which a person may have made of the times, must go: an event has one or the other. */
function toTimes({ from, to }: MovedEvent) {
  return {
    start: { dateTime: from.toISOString(), date: null },
    end: { dateTime: to.toISOString(), date: null },
  };
}

/** A deleted event can be given another time, and stays deleted. Our ids are nobody else's: what has lost our mark must be looked at. */
function refuseOthers(moved: StoredEvent, { appointmentId }: MovedEvent): void {
  if (!moved.live) throw new BookproofError("calendar_refused");
  if (moved.appointmentId !== appointmentId) throw new BookproofError("calendar_outcome_unknown");
}

function isAbsent(error: unknown): boolean {
  return error instanceof GoogleFailure && error.kind === "absent";
}
