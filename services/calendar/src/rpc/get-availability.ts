import { reasonOf } from "@bookproof/errors";
import { withTenant } from "@bookproof/postgres";
import type { CalendarAvailability, GetAvailabilityRequest, GetAvailabilityResponse } from "@bookproof/proto/calendar";
import { parseRequest } from "@bookproof/service";
import { z } from "zod";
import type { Deps } from "../deps.ts";
import { clipSpans, type Span } from "../domain/span.ts";
import { workingWindows } from "../domain/working-windows.ts";
import { type Calendar, selectCalendars } from "../queries/calendars.ts";
import { calendarId, tenantId, timeRange } from "./request-fields.ts";

const longestRangeMs = 400 * 24 * 60 * 60_000;

const schema = z.object({
  tenantId,
  calendarIds: z.array(calendarId).max(200, "must be 200 at most"),
  range: timeRange.refine(
    ({ from, to }) => to.getTime() - from.getTime() <= longestRangeMs,
    "must span 400 days at most",
  ),
});

/** Working windows and busy times, one answer a calendar; what cannot be read has a reason and no windows. */
export const getAvailability =
  (deps: Deps) =>
  async (request: GetAvailabilityRequest): Promise<GetAvailabilityResponse> => {
    const { tenantId, calendarIds, range } = parseRequest(schema, request);
    const found = await withTenant(deps.pool, tenantId, (client) => selectCalendars(client, tenantId, calendarIds));
    const open = new Map(found.filter((calendar) => !calendar.retired).map((calendar) => [calendar.id, calendar]));
    return {
      calendars: await Promise.all(
        calendarIds.map((id) => {
          const calendar = open.get(id);
          if (!calendar) return unreadable({ id, displayName: "" }, "calendar_not_found");
          return readAvailability(deps, { tenantId, calendar, range });
        }),
      ),
    };
  };

async function readAvailability(
  deps: Deps,
  { tenantId, calendar, range }: { tenantId: string; calendar: Calendar; range: Span },
): Promise<CalendarAvailability> {
  try {
    const busy = await deps.openProvider(tenantId, calendar).busy(range);
    return {
      calendarId: calendar.id,
      displayName: calendar.displayName,
      windows: workingWindows(calendar, range),
      busy: clipSpans(busy, range).map(({ eventId, from, to }) => ({ range: { from, to }, eventId })),
      unreadableReason: "",
    };
  } catch (error) {
    const thrown = reasonOf(error);
    const reason = thrown === "internal" ? "calendar_unreadable" : thrown;
    // The other reasons are the provider's, which its adapter has logged.
    if (reason === "calendar_unreadable")
      deps.logger.warn(
        { err: error, tenantId, calendarId: calendar.id },
        "[CALENDAR_UNREADABLE] it has no openings now",
      );
    return unreadable(calendar, reason);
  }
}

function unreadable(calendar: { id: string; displayName: string }, reason: string): CalendarAvailability {
  return {
    calendarId: calendar.id,
    displayName: calendar.displayName,
    windows: [],
    busy: [],
    unreadableReason: reason,
  };
}
