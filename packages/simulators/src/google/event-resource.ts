import { z } from "zod";
import { attendeesOf } from "./attendees.ts";
import type { Calendar, StoredEvent } from "./calendars.ts";
import { showEventTime } from "./event-time.ts";

/** How the API is to show an event: its times in `zone` (the calendar's by default), so many attendees at most. */
export type EventView = { zone?: string | undefined; maxAttendees?: number | undefined };

/** The Event resource as the API answers it. */
export function eventResource(calendar: Calendar, event: StoredEvent, view: EventView = {}): object {
  const { zone = calendar.timeZone, maxAttendees = Number.POSITIVE_INFINITY } = view;
  const attendees = attendeesOf(event);
  return {
    reminders: { useDefault: true },
    eventType: "default",
    ...event.fields,
    ...(attendees.length > maxAttendees ? { attendees: attendees.slice(0, maxAttendees), attendeesOmitted: true } : {}),
    ...cancelledResource(event, zone),
    status: event.status,
    htmlLink: `https://www.google.com/calendar/event?eid=${Buffer.from(`${event.id} ${calendar.id}`).toString("base64url")}`,
    created: new Date(event.createdAt).toISOString(),
    updated: new Date(event.updatedAt).toISOString(),
    creator: { email: event.createdBy },
    organizer: { email: calendar.id, self: true },
    start: showEventTime(event.start, zone),
    end: showEventTime(event.end, zone),
    iCalUID: `${event.recurringEventId ?? event.id}@google.com`,
    sequence: event.sequence,
  };
}

/**
 * All that an incremental list tells of an event that is gone.
 * Source: the description of `status` in Google's discovery document.
 */
export function cancelledResource(event: StoredEvent, zone: string): object {
  const { recurringEventId, originalStart } = event;
  return {
    kind: "calendar#event",
    etag: etagOf(event),
    id: event.id,
    status: "cancelled",
    ...(recurringEventId === undefined ? {} : { recurringEventId }),
    ...(originalStart === undefined ? {} : { originalStartTime: showEventTime(originalStart, zone) }),
  };
}

/** The ETag with its quotes, as in the resource and in `If-Match`. */
export function etagOf(event: StoredEvent): string {
  return `"${event.version}${event.updatedAt}"`;
}

const propertiesSchema = z.object({
  private: z.record(z.string(), z.string()).optional(),
  shared: z.record(z.string(), z.string()).optional(),
});

/** The client's own properties of an event. */
export function extendedProperties(event: StoredEvent, kind: "private" | "shared"): Record<string, string> {
  return propertiesSchema.safeParse(event.fields.extendedProperties).data?.[kind] ?? {};
}
