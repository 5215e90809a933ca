import { BookproofError } from "@bookproof/errors";
import { withTenant } from "@bookproof/postgres";
import type { FindOpeningsRequest, FindOpeningsResponse, Offering, Opening } from "@bookproof/proto/booking";
import type { CalendarAvailability } from "@bookproof/proto/calendar";
import { parseRequest } from "@bookproof/service";
import { z } from "zod";
import { calendarSpans } from "../adapters/calendar-spans.ts";
import type { Deps } from "../deps.ts";
import { chooseOpenings, hullOf, searchParts } from "../domain/choose-openings.ts";
import { splitByLocalDay } from "../domain/local-days.ts";
import { bookableSpan, type CalendarTime, calendarTime, neededAround, type Span } from "../domain/openings.ts";
import { selectOccupiedSpans } from "../queries/occupied.ts";
import { selectTenant } from "../queries/tenants.ts";

const range = z.object({ from: z.date(), to: z.date() });
const schema = z.object({
  tenantId: z.guid(),
  offeringId: z.string().min(1),
  // One a day, as far as a horizon can be.
  windows: z.array(range).max(800),
  limit: z.int().min(0).max(50),
  ownHoldId: z.string(),
  conversationId: z.string(),
});

/** Openings = working hours − busy − holds − appointments, with buffers, minimum notice and horizon. */
export const findOpenings =
  (deps: Deps) =>
  async (request: FindOpeningsRequest): Promise<FindOpeningsResponse> => {
    const wanted = parseRequest(schema, request);
    const { tenantId, offeringId } = wanted;
    const known = await withTenant(deps.pool, tenantId, (client) => selectTenant(client, tenantId));
    const offering = known?.tenant.offerings.find((candidate) => candidate.id === offeringId);
    if (!known || !offering) throw new BookproofError(known ? "offering_not_found" : "tenant_not_found");
    const { bookingRules, timeZone } = known.tenant;
    const bookable = bookableSpan(bookingRules, Date.now());
    const days = wanted.windows
      .map(({ from, to }) => ({
        from: Math.max(from.getTime(), bookable.from),
        to: Math.min(to.getTime(), bookable.to),
      }))
      .filter((window) => window.from < window.to)
      .flatMap((window) => splitByLocalDay(window, timeZone));

    const rules = { ...offering, slotStepMinutes: bookingRules?.slotStepMinutes ?? 30 };
    const limit = wanted.limit || 3;
    const unreadable = new Map<string, string>();
    let starts: number[] = [];
    let calendars: CalendarAvailability[] = [];
    for (const part of searchParts(days)) {
      const read = await readCalendars(deps, wanted, { offering, within: neededAround(hullOf(part), rules) });
      calendars = read.calendars;
      for (const { calendarId, unreadableReason: reason } of calendars) if (reason) unreadable.set(calendarId, reason);
      starts = chooseOpenings(starts, part, { calendars: read.times, rules, limit });
      if (starts.length >= limit) break;
    }
    return {
      openings: starts.map((start) => toOpening(start, offering, calendars)),
      unreadable: [...unreadable].map(([calendarId, reason]) => ({ calendarId, reason })),
    };
  };

/** The offering's calendars, and the time of those that could be read. */
async function readCalendars(
  deps: Deps,
  { tenantId, ownHoldId, conversationId }: z.output<typeof schema>,
  { offering: { calendarIds }, within }: { offering: Offering; within: Span },
): Promise<{ calendars: CalendarAvailability[]; times: CalendarTime[] }> {
  const range = { from: new Date(within.from), to: new Date(within.to) };
  const excepted = { exceptHoldId: ownHoldId, exceptConversationId: conversationId };
  const [{ calendars }, occupied] = await Promise.all([
    deps.calendar.getAvailability({ tenantId, calendarIds, range }),
    withTenant(deps.pool, tenantId, (client) =>
      selectOccupiedSpans(client, tenantId, { calendarIds, within, ...excepted }),
    ),
  ]);
  const readable = calendars.filter((calendar) => !calendar.unreadableReason);
  return { calendars, times: readable.map((calendar) => timeOf(calendar, occupied.get(calendar.calendarId) ?? [])) };
}

function timeOf(calendar: CalendarAvailability, held: Span[]): CalendarTime {
  const { windows, busy } = calendarSpans(calendar);
  return calendarTime({ windows, blocked: [...busy, ...held] });
}

/** Of several calendars none is named: which one it will be is settled when the slot is claimed. */
function toOpening(start: number, offering: Offering, calendars: CalendarAvailability[]): Opening {
  const only = offering.calendarIds.length === 1 ? calendars[0] : undefined;
  return {
    calendarId: only?.calendarId ?? "",
    calendarName: only?.displayName ?? "",
    start: new Date(start),
    end: new Date(start + offering.durationMinutes * 60_000),
  };
}
