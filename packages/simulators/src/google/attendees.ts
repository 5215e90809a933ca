import { z } from "zod";
import type { Calendar, StoredEvent } from "./calendars.ts";
import type { EventBody } from "./event-body.ts";
import type { Grant } from "./oauth/tokens.ts";
import { GoogleRefusal } from "./refusal.ts";

const attendeesSchema = z
  .array(z.looseObject({ email: z.string(), responseStatus: z.string().default("needsAction") }))
  .catch([]);
export type Attendee = z.infer<typeof attendeesSchema>[number];

/** Who is invited to an event. */
export function attendeesOf(event: Pick<StoredEvent, "fields">): Attendee[] {
  return attendeesSchema.parse(event.fields.attendees ?? []);
}

/** Whether the calendar itself turned the event down, so that it takes up no time of it. */
export function isDeclined(calendar: Calendar, event: StoredEvent): boolean {
  return attendeesOf(event).some(({ email, responseStatus }) => email === calendar.id && responseStatus === "declined");
}

/**
 * The attendees of an event as they are kept.
 * @throws GoogleRefusal 400 required for one without an address
 */
export function readAttendees(calendar: Calendar, { attendees }: EventBody): object[] | undefined {
  if (attendees == null || attendees.length === 0) return undefined;
  return attendees.map((attendee) => {
    if (attendee.email == null) throw new GoogleRefusal(400, "required", "Missing attendee email.");
    const self = attendee.email === calendar.id ? { self: true, organizer: true } : {};
    return { responseStatus: "needsAction", ...attendee, ...self };
  });
}

/**
 * Whether a request may name whom it names.
 * @throws GoogleRefusal 403 forbiddenForServiceAccounts
 */
export function checkMayInvite({ attendees }: EventBody, grant: Grant): void {
  if (grant.kind !== "service-account" || attendees == null || attendees.length === 0) return;
  throw new GoogleRefusal(
    403,
    "forbiddenForServiceAccounts",
    "Service accounts cannot invite attendees without Domain-Wide Delegation of Authority.",
    { domain: "calendar" },
  );
}
