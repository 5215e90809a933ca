import { z } from "zod";
import type { Calendar, StoredEvent } from "./calendars.ts";
import { showEventTime } from "./event-time.ts";

/** The Event resource as the API answers it, its times shown in `zone` (the calendar's by default). */
export function eventResource(calendar: Calendar, event: StoredEvent, zone: string = calendar.timeZone): object {
  const creator = { email: event.createdBy };
  return {
    reminders: { useDefault: true },
    eventType: "default",
    ...event.fields,
    kind: "calendar#event",
    etag: etagOf(event),
    id: event.id,
    status: event.status,
    htmlLink: `https://www.google.com/calendar/event?eid=${Buffer.from(`${event.id} ${calendar.id}`).toString("base64url")}`,
    created: new Date(event.createdAt).toISOString(),
    updated: new Date(event.updatedAt).toISOString(),
    creator,
    organizer: { email: calendar.id, self: true },
    start: showEventTime(event.start, zone),
    end: showEventTime(event.end, zone),
    iCalUID: `${event.id}@google.com`,
    sequence: event.sequence,
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
