import type { calendar_v3 } from "@googleapis/calendar";
import type { EventChanges, StoredEvent } from "../domain/calendar-provider.ts";
import type { Span } from "../domain/span.ts";
import { readEvent, tenantMark } from "./google-answers.ts";
import type { GoogleCalendarOptions } from "./google-calendar-options.ts";
import { GoogleFailure } from "./google-failure.ts";

type ListQuery = calendar_v3.Params$Resource$Events$List;

const perPage = 2_500;
const ofEvent = [
  ...["id", "status", "start", "end", "summary"],
  "attendees(self,organizer,responseStatus)",
  "extendedProperties/private",
].join(",");
const fields = `nextPageToken,nextSyncToken,items(${ofEvent})`;

/** This tenant's live events within a range, those whose summary a person has changed included. @throws GoogleFailure */
export async function listOwnEvents(calendar: GoogleCalendarOptions, { from, to }: Span): Promise<StoredEvent[]> {
  const { events } = await listPages(calendar, {
    timeMin: from.toISOString(),
    timeMax: to.toISOString(),
    privateExtendedProperty: [`${tenantMark}=${calendar.tenantId}`],
  });
  return events.filter(({ live, appointmentId }) => live && appointmentId);
}

/** @throws GoogleFailure */
export async function listChanges(
  calendar: GoogleCalendarOptions,
  { token, from }: { token: string | undefined; from: Date },
): Promise<EventChanges> {
  if (token) {
    try {
      return { ...withToken(await listPages(calendar, { syncToken: token })), complete: false };
    } catch (error) {
      if (!isStale(error)) throw error;
    }
  }
  return { ...withToken(await listPages(calendar, { timeMin: from.toISOString() })), complete: true };
}

/**
 * A stale token is a 410, one that never was Google's a 400. A calendar that cannot be read any more refuses as well, and the question
 * for everything then too.
 */
const isStale = (error: unknown): boolean =>
  error instanceof GoogleFailure && (error.kind === "absent" || error.kind === "refused");

function withToken({ events, token }: { events: StoredEvent[]; token: string | undefined }) {
  if (!token) throw new GoogleFailure("unanswered", { sent: true, says: "a list without an end" });
  return { events, token };
}

async function listPages(calendar: GoogleCalendarOptions, query: ListQuery) {
  const { client, times, googleCalendarId: calendarId } = calendar;
  const events: StoredEvent[] = [];
  const base = { ...query, calendarId, fields, maxResults: perPage };
  for (let pageToken: string | undefined; ; ) {
    const asked = pageToken ? { ...base, pageToken } : base;
    const page = await client.call(async (api, limit) => {
      const { items, nextPageToken, nextSyncToken } = (await api.events.list(asked, limit)).data;
      const read = (items ?? []).map((item) => readEvent(item, calendar));
      return { read, nextPageToken, nextSyncToken };
    }, times.listMs);
    events.push(...page.read);
    if (!page.nextPageToken) return { events, token: page.nextSyncToken ?? undefined };
    pageToken = page.nextPageToken;
  }
}
