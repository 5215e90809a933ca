import { reasonOf } from "@bookproof/errors";
import { withTenant } from "@bookproof/postgres";
import type { CalendarAvailability, GetAvailabilityRequest, GetAvailabilityResponse } from "@bookproof/proto/calendar";
import { parseRequest } from "@bookproof/service";
import { z } from "zod";
import type { Deps } from "../deps.ts";
import type { BusySpan } from "../domain/calendar-provider.ts";
import { clipSpans, type Span } from "../domain/span.ts";
import { workingWindows } from "../domain/working-windows.ts";
import { selectKnownBusy } from "../queries/busy-times.ts";
import { type Calendar, selectCalendars } from "../queries/calendars.ts";
import { calendarId, shortRange, tenantId } from "./request-fields.ts";

const schema = z.object({
  tenantId,
  calendarIds: z.array(calendarId).max(200, "must be 200 at most"),
  range: shortRange,
  fresh: z.boolean(),
});

/** Working windows and busy times, one answer a calendar; what cannot be read has a reason and no windows. */
export const getAvailability =
  (deps: Deps) =>
  async (request: GetAvailabilityRequest): Promise<GetAvailabilityResponse> => {
    const { tenantId, calendarIds, range, fresh } = parseRequest(schema, request);
    const asked = { tenantId, calendarIds, range, withinMs: deps.config.google.sync.freshMs };
    const { found, knownBusy } = await withTenant(deps.pool, tenantId, async (client) => ({
      found: await selectCalendars(client, tenantId, calendarIds),
      knownBusy: fresh ? new Map<string, Span[]>() : await selectKnownBusy(client, asked),
    }));
    const open = new Map(found.filter((calendar) => !calendar.retired).map((calendar) => [calendar.id, calendar]));
    return {
      calendars: await Promise.all(
        calendarIds.map((id) => {
          const calendar = open.get(id);
          if (!calendar) return unreadable({ id, displayName: "" }, "calendar_not_found");
          return readAvailability(deps, { tenantId, calendar, range, knownBusy: knownBusy.get(id) });
        }),
      ),
    };
  };

async function readAvailability(
  deps: Deps,
  asked: { tenantId: string; calendar: Calendar; range: Span; knownBusy: Span[] | undefined },
): Promise<CalendarAvailability> {
  const { tenantId, calendar, range, knownBusy } = asked;
  try {
    const busy = knownBusy?.map(unnamed) ?? (await deps.openProvider(tenantId, calendar).busy(range));
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

/** Google does not say by what a time is taken. */
const unnamed = (span: Span): BusySpan => ({ ...span, eventId: "" });

function unreadable(calendar: { id: string; displayName: string }, reason: string): CalendarAvailability {
  return {
    calendarId: calendar.id,
    displayName: calendar.displayName,
    windows: [],
    busy: [],
    unreadableReason: reason,
  };
}
