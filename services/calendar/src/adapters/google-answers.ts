import { DateTime } from "luxon";
import { z } from "zod";
import type { BusySpan, NewEvent, StoredEvent } from "../domain/calendar-provider.ts";
import { GoogleFailure } from "./google-failure.ts";

const eventTime = z.object({ dateTime: z.string().nullish(), date: z.string().nullish() });
const event = z.object({
  id: z.string(),
  status: z.string().nullish(),
  start: eventTime.nullish(),
  end: eventTime.nullish(),
  summary: z.string().nullish(),
  attendees: z
    .array(
      z.object({
        self: z.boolean().nullish(),
        organizer: z.boolean().nullish(),
        responseStatus: z.string().nullish(),
      }),
    )
    .nullish(),
  extendedProperties: z.object({ private: z.record(z.string(), z.string()).nullish() }).nullish(),
});

const freeBusy = z.object({
  calendars: z.record(
    z.string(),
    z.object({
      errors: z.array(z.object({ reason: z.string().nullish() })).nullish(),
      busy: z
        .array(z.object({ start: z.iso.datetime({ offset: true }), end: z.iso.datetime({ offset: true }) }))
        .nullish(),
    }),
  ),
});

/** Names the tenant on an event. */
export const tenantMark = "bookproof_tenant_id";

/** Our own marks on an event, by which it is known again. */
export function marksOf({ tenantId, appointmentId, cid }: NewEvent): Record<string, string> {
  return { bookproof_appointment_id: appointmentId, [tenantMark]: tenantId, cid };
}

/** Reads an Event resource. All-day events, which only a person makes of ours, span days of the calendar's zone. */
export function readEvent(answer: unknown, calendar: { tenantId: string; timeZone: string }): StoredEvent {
  const { id, status, start, end, summary, attendees, extendedProperties } = event.parse(answer);
  const marks = extendedProperties?.private ?? {};
  const from = readTime(start, calendar.timeZone);
  const to = readTime(end, calendar.timeZone);
  return {
    id,
    appointmentId: marks[tenantMark] === calendar.tenantId ? (marks.bookproof_appointment_id ?? "") : "",
    span: from && to ? { from, to } : undefined,
    live: status !== "cancelled",
    declined: (attendees ?? []).some(
      ({ self, organizer, responseStatus }) => (self || organizer) && responseStatus === "declined",
    ),
    summary: summary ?? "",
  };
}

function readTime(time: z.infer<typeof eventTime> | null | undefined, zone: string): Date | undefined {
  const text = time?.dateTime ?? time?.date;
  if (!text) return undefined;
  const read = DateTime.fromISO(text, { zone });
  if (!read.isValid) throw new GoogleFailure("unanswered", { sent: true, says: "a time that cannot be read" });
  return read.toJSDate();
}

/** Reads a free/busy answer about one calendar. Anything but a clear answer throws: it is not an empty calendar. */
export function readBusy(answer: unknown, googleCalendarId: string): BusySpan[] {
  const entry = freeBusy.parse(answer).calendars[googleCalendarId];
  const reasons = entry?.errors?.map((error) => error.reason ?? "") ?? [];
  if (reasons.length > 0) {
    const limited = reasons.some((reason) => /rateLimitExceeded|quotaExceeded/i.test(reason));
    throw new GoogleFailure(limited ? "rate_limited" : "refused", {
      sent: true,
      says: `freebusy: ${reasons.join(" ")}`,
    });
  }
  if (!entry?.busy) throw new GoogleFailure("unanswered", { sent: true, says: "freebusy: the calendar is missing" });
  return entry.busy.map(({ start, end }) => ({ from: new Date(start), to: new Date(end), eventId: "" }));
}
