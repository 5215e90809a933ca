import { BookproofError } from "@bookproof/errors";
import type { Deps } from "../deps.ts";
import type { Calendar, CalendarKind } from "../queries/calendars.ts";
import { findCalendar } from "../rpc/find-calendar.ts";

export type ConnectableCalendar = Calendar & { source: Extract<CalendarKind, { kind: "google" }> };

/**
 * A tenant's calendar that somebody can connect at Google, whether or not it is connected.
 * @throws BookproofError `calendar_not_found`, `connect_not_possible`
 */
export async function findConnectable(deps: Deps, tenantId: string, calendarId: string): Promise<ConnectableCalendar> {
  const calendar = await findCalendar(deps, tenantId, calendarId);
  const { source } = calendar;
  if (calendar.retired) throw new BookproofError("calendar_not_found");
  if (source.kind !== "google")
    throw new BookproofError(
      "connect_not_possible",
      "This calendar is kept by Bookproof itself and needs no connection: only one of kind google does.",
    );
  const { oauthClientId, oauthClientSecret } = deps.config.google;
  if (!(oauthClientId && oauthClientSecret))
    throw new BookproofError(
      "connect_not_possible",
      "Connecting at Google needs GOOGLE_OAUTH_CLIENT_ID and GOOGLE_OAUTH_CLIENT_SECRET to be set.",
    );
  return { ...calendar, source };
}
