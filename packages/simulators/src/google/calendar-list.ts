import { z } from "zod";
import type { Calendar, Calendars } from "./calendars.ts";
import type { Grant } from "./oauth/tokens.ts";
import { GoogleRefusal } from "./refusal.ts";

const ROLES = ["freeBusyReader", "reader", "writerWithoutPrivateAccess", "writer", "owner"];

const querySchema = z.object({
  minAccessRole: z.string().default("freeBusyReader"),
  maxResults: z.number().default(100),
  pageToken: z.string().optional(),
  syncToken: z.string().optional(),
});

/** The Calendar resource. */
export function calendarResource(calendar: Calendar): object {
  const { id, timeZone, summary = id } = calendar;
  return { kind: "calendar#calendar", etag: etagOf(calendar), id, summary, timeZone };
}

/** The CalendarListEntry resource, as the grant sees it. */
export function calendarListEntry(calendar: Calendar, grant: Grant): object {
  const { id, timeZone, accessRole, summary = id } = calendar;
  return {
    ...{ kind: "calendar#calendarListEntry", etag: etagOf(calendar), id, summary, timeZone, accessRole },
    ...{ selected: true, defaultReminders: [] },
    ...(id === grant.account ? { primary: true } : {}),
  };
}

/**
 * calendarList.list. Changes of the list are not kept, so no sync token stays good.
 * @throws GoogleRefusal 410 for a sync token
 */
export function listCalendars(calendars: Calendars, grant: Grant, rawQuery: object): object {
  const { minAccessRole, maxResults, pageToken, syncToken } = querySchema.parse(rawQuery);
  if (syncToken !== undefined) {
    throw new GoogleRefusal(410, "fullSyncRequired", "Sync token is no longer valid, a full sync is required.");
  }
  if (grant.account !== undefined) calendars.find("primary", grant);
  const seen = calendars
    .all()
    .filter(({ id }) => calendars.find(id, grant) !== undefined)
    .filter(({ accessRole }) => ROLES.indexOf(accessRole) >= ROLES.indexOf(minAccessRole))
    .filter(({ id }) => pageToken === undefined || id > pageToken)
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const items = seen.slice(0, Math.min(maxResults, 250));
  return {
    ...{ kind: "calendar#calendarList", etag: '"list"' },
    items: items.map((calendar) => calendarListEntry(calendar, grant)),
    ...(items.length < seen.length ? { nextPageToken: items.at(-1)?.id } : {}),
  };
}

function etagOf({ id, summary, timeZone }: Calendar): string {
  return `"${Buffer.from(`${id} ${summary} ${timeZone}`).toString("base64url")}"`;
}
