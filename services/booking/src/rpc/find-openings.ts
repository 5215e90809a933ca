import { BookproofError } from "@bookproof/errors";
import { withTenant } from "@bookproof/postgres";
import type { FindOpeningsRequest, FindOpeningsResponse, Opening } from "@bookproof/proto/booking";
import type { CalendarAvailability } from "@bookproof/proto/calendar";
import { parseRequest } from "@bookproof/service";
import { z } from "zod";
import { calendarSpans } from "../adapters/calendar-spans.ts";
import type { Deps } from "../deps.ts";
import {
  bookableSpan,
  freeStarts,
  type OpeningRules,
  type Span,
  splitByLocalDay,
  spreadChoice,
} from "../domain/openings.ts";
import { selectOccupied } from "../queries/holds.ts";
import { selectTenant } from "../queries/tenants.ts";

const range = z.object({ from: z.date(), to: z.date() });
const schema = z.object({
  tenantId: z.guid(),
  offeringId: z.string().min(1),
  windows: z.array(range).max(400),
  limit: z.int().min(0).max(50),
  ownHoldId: z.string(),
  conversationId: z.string(),
});

const day = 24 * 60 * 60_000;

/** Openings = working hours − busy − holds − appointments, with buffers, minimum notice and horizon. */
export const findOpenings =
  (deps: Deps) =>
  async (request: FindOpeningsRequest): Promise<FindOpeningsResponse> => {
    const { tenantId, offeringId, ownHoldId, conversationId, ...wanted } = parseRequest(schema, request);
    const known = await withTenant(deps.pool, tenantId, (client) => selectTenant(client, tenantId));
    const offering = known?.tenant.offerings.find((candidate) => candidate.id === offeringId);
    if (!known || !offering) throw new BookproofError(known ? "offering_not_found" : "tenant_not_found");
    const { slotStepMinutes = 30 } = known.tenant.bookingRules ?? {};
    const bookable = bookableSpan(known.tenant.bookingRules, Date.now());
    const windows = wanted.windows
      .map(({ from, to }) => ({
        from: Math.max(from.getTime(), bookable.from),
        to: Math.min(to.getTime(), bookable.to),
      }))
      .filter((window) => window.from < window.to);
    if (windows.length === 0) return { openings: [], unreadable: [] };

    // A day on either side: busy times and buffers reach into the range.
    const within = {
      from: Math.min(...windows.map((w) => w.from)) - day,
      to: Math.max(...windows.map((w) => w.to)) + day,
    };
    const { calendarIds } = offering;
    const [{ calendars }, occupied] = await Promise.all([
      deps.calendar.getAvailability({
        tenantId,
        calendarIds,
        range: { from: new Date(within.from), to: new Date(within.to) },
      }),
      withTenant(deps.pool, tenantId, (client) =>
        selectOccupied(client, tenantId, {
          calendarIds,
          within,
          exceptHoldId: ownHoldId,
          exceptConversationId: conversationId,
        }),
      ),
    ]);
    const rules = { ...offering, slotStepMinutes };
    const days = windows.flatMap((window) => splitByLocalDay(window, known.tenant.timeZone));
    return {
      openings: choose(days, { calendars, occupied, rules, limit: wanted.limit || 3 }),
      unreadable: calendars
        .filter((calendar) => calendar.unreadableReason)
        .map((calendar) => ({ calendarId: calendar.calendarId, reason: calendar.unreadableReason })),
    };
  };

interface Candidate {
  start: number;
  calendar: CalendarAvailability;
}

/** Each free start once, on the first of the offering's calendars that has it. */
function openingsIn(
  within: Span,
  known: { calendars: CalendarAvailability[]; occupied: { calendarId: string; span: Span }[]; rules: OpeningRules },
): Candidate[] {
  const byStart = new Map<number, Candidate>();
  for (const calendar of known.calendars) {
    if (calendar.unreadableReason) continue;
    const held = known.occupied.filter((one) => one.calendarId === calendar.calendarId).map((one) => one.span);
    const { windows, busy } = calendarSpans(calendar);
    for (const start of freeStarts({
      windows,
      blocked: [...busy, ...held],
      within,
      rules: known.rules,
    })) {
      if (!byStart.has(start)) byStart.set(start, { start, calendar });
    }
  }
  return [...byStart.values()].sort((a, b) => a.start - b.start);
}

/** Day by day in the order asked for: a later day only fills up what an earlier one left. */
function choose(days: Span[], known: Parameters<typeof openingsIn>[1] & { limit: number }): Opening[] {
  const durationMs = known.rules.durationMinutes * 60_000;
  const chosen: Candidate[] = [];
  for (const day of days) {
    const apart = openingsIn(day, known).filter((candidate) =>
      chosen.every((other) => Math.abs(other.start - candidate.start) >= durationMs),
    );
    chosen.push(...spreadChoice(apart, known.rules.durationMinutes, known.limit - chosen.length));
    if (chosen.length >= known.limit) break;
  }
  return chosen.map(({ start, calendar }) => ({
    calendarId: calendar.calendarId,
    calendarName: calendar.displayName,
    start: new Date(start),
    end: new Date(start + durationMs),
  }));
}
