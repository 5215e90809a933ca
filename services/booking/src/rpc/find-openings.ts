import { BookproofError } from "@bookproof/errors";
import { type Queryable, withTenant } from "@bookproof/postgres";
import type { FindOpeningsRequest, FindOpeningsResponse, Offering, Opening } from "@bookproof/proto/booking";
import type { CalendarAvailability } from "@bookproof/proto/calendar";
import { parseRequest } from "@bookproof/service";
import { z } from "zod";
import { calendarSpans } from "../adapters/calendar-spans.ts";
import type { Deps } from "../deps.ts";
import { chooseOpenings, hullOf, searchParts } from "../domain/choose-openings.ts";
import { splitByLocalDay } from "../domain/local-days.ts";
import { bookableSpan, type CalendarTime, calendarTime, neededAround, type Span } from "../domain/openings.ts";
import { selectAppointmentToMove } from "../queries/appointment-changes.ts";
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
  movesAppointmentId: z.union([z.guid(), z.literal("")]),
});

/** Openings = working hours − busy − holds − appointments, with buffers, minimum notice and horizon. */
export const findOpenings =
  (deps: Deps) =>
  async (request: FindOpeningsRequest): Promise<FindOpeningsResponse> => {
    const wanted = parseRequest(schema, request);
    const { tenantId, offeringId } = wanted;
    const known = await withTenant(deps.pool, tenantId, (client) => selectTenant(client, tenantId));
    const named = known?.tenant.offerings.find((candidate) => candidate.id === offeringId);
    if (!known || !named) throw new BookproofError(known ? "offering_not_found" : "tenant_not_found");
    const moved = wanted.movesAppointmentId ? await readMoved(deps, wanted) : undefined;
    const offering = moved ? { ...named, ...moved.lengths, calendarIds: [moved.calendarId] } : named;
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
      const read = await readCalendars(deps, wanted, { offering, within: neededAround(hullOf(part), rules), moved });
      calendars = read.calendars;
      for (const { calendarId, unreadableReason: reason } of calendars) if (reason) unreadable.set(calendarId, reason);
      starts = chooseOpenings(starts, part, { calendars: read.times, rules, limit });
      if (starts.length >= limit) break;
    }
    return {
      openings: starts
        .filter((start) => start !== moved?.own.from)
        .map((start) => toOpening(start, offering, calendars)),
      unreadable: [...unreadable].map(([calendarId, reason]) => ({ calendarId, reason })),
    };
  };

/** The offering's calendars, and the time of those that could be read. */
async function readCalendars(
  deps: Deps,
  { tenantId, ownHoldId, conversationId }: z.output<typeof schema>,
  { offering: { calendarIds }, within, moved }: { offering: Offering; within: Span; moved: Moved | undefined },
): Promise<{ calendars: CalendarAvailability[]; times: CalendarTime[] }> {
  const range = { from: new Date(within.from), to: new Date(within.to) };
  const excepted = { exceptHoldId: moved?.holdId ?? ownHoldId, exceptConversationId: conversationId };
  const [{ calendars }, occupied] = await Promise.all([
    deps.calendar.getAvailability({ tenantId, calendarIds, range }),
    withTenant(deps.pool, tenantId, (client) =>
      selectOccupiedSpans(client, tenantId, { calendarIds, within, ...excepted }),
    ),
  ]);
  const readable = calendars.filter((calendar) => !calendar.unreadableReason);
  return {
    calendars,
    times: readable.map((calendar) => timeOf(calendar, occupied.get(calendar.calendarId) ?? [], moved)),
  };
}

function timeOf(calendar: CalendarAvailability, held: Span[], moved: Moved | undefined): CalendarTime {
  const { windows, busy } = calendarSpans(calendar);
  const others = moved ? busy.flatMap((span) => without(span, moved.own)) : busy;
  return calendarTime({ windows, blocked: [...others, ...held] });
}

/** An appointment that is to move. Its event is busy time of its calendar, which need not say by what. */
interface Moved {
  holdId: string;
  calendarId: string;
  own: Span;
  lengths: { durationMinutes: number; bufferBeforeMinutes: number; bufferAfterMinutes: number };
}

async function readMoved(deps: Deps, { tenantId, movesAppointmentId }: z.output<typeof schema>): Promise<Moved> {
  const read = (client: Queryable) => selectAppointmentToMove(client, tenantId, movesAppointmentId);
  const appointment = await withTenant(deps.pool, tenantId, read);
  if (!appointment) throw new BookproofError("appointment_not_found");
  if (appointment.status !== "confirmed") throw new BookproofError("appointment_not_confirmed");
  const { was } = appointment;
  const from = Date.parse(was.start);
  const own = { from, to: from + was.durationMinutes * 60_000 };
  const lengths = {
    durationMinutes: was.durationMinutes,
    bufferBeforeMinutes: (from - Date.parse(was.busyFrom)) / 60_000,
    bufferAfterMinutes: (Date.parse(was.busyTo) - own.to) / 60_000,
  };
  return { holdId: was.holdId, calendarId: was.calendarId, own, lengths };
}

/** What of a span lies before and after another. */
function without(span: Span, other: Span): Span[] {
  const before = { from: span.from, to: Math.min(span.to, other.from) };
  const after = { from: Math.max(span.from, other.to), to: span.to };
  return [before, after].filter(({ from, to }) => from < to);
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
