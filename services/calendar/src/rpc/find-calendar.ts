import { BookproofError } from "@bookproof/errors";
import { withTenant } from "@bookproof/postgres";
import type { Deps } from "../deps.ts";
import { type Calendar, selectCalendars } from "../queries/calendars.ts";

/** One calendar of a tenant, retired ones included. @throws BookproofError `calendar_not_found` */
export async function findCalendar(deps: Deps, tenantId: string, calendarId: string): Promise<Calendar> {
  const [calendar] = await withTenant(deps.pool, tenantId, (client) => selectCalendars(client, tenantId, [calendarId]));
  if (!calendar) throw new BookproofError("calendar_not_found");
  return calendar;
}
