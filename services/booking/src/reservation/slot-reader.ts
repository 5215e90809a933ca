import { BookproofError, hasReason, type Reason, reasonRow } from "@bookproof/errors";
import { withTenant } from "@bookproof/postgres";
import type { Offering } from "@bookproof/proto/booking";
import type { CalendarAvailability } from "@bookproof/proto/calendar";
import { calendarSpans } from "../adapters/calendar-spans.ts";
import type { Deps } from "../deps.ts";
import { bookableSpan, isOpenAt, occupiedBy, type Span, touches } from "../domain/openings.ts";
import { type Occupied, selectOccupied } from "../queries/holds.ts";
import { type KnownTenant, selectTenant } from "../queries/tenants.ts";
import { createCoalescedLookup } from "./coalesced-lookup.ts";

/** How a slot of one calendar stands for one caller. */
export type SlotState = "open" | "own" | "held" | "closed" | { unreadable: Reason };

/** The slot that is asked about. `start` in milliseconds since the epoch. */
export interface SlotQuestion {
  known: KnownTenant;
  offering: Offering;
  calendarId: string;
  start: number;
  /** Of the asking caller: their own holds do not block. */
  callKey: string;
}

export interface SlotReader {
  tenant(tenantId: string): Promise<KnownTenant>;
  /** Working hours, busy times, notice and horizon as FindOpenings reckons them, and the holds as they are now. */
  state(question: SlotQuestion): Promise<SlotState>;
}

const dayMs = 24 * 60 * 60_000;

/** Reads slots for many callers at once: those who ask for the same share the look-ups. */
export function createSlotReader(deps: Deps): SlotReader {
  const tenants = createCoalescedLookup<KnownTenant | undefined>();
  const availabilities = createCoalescedLookup<CalendarAvailability | undefined>();
  const holds = createCoalescedLookup<Occupied[]>();

  const readHolds = (tenantId: string, calendarId: string, within: Span) =>
    withTenant(deps.pool, tenantId, (client) =>
      selectOccupied(client, tenantId, { calendarIds: [calendarId], within, exceptHoldId: "" }),
    );
  const readCalendar = async (tenantId: string, calendarId: string, within: Span) => {
    const range = { from: new Date(within.from), to: new Date(within.to) };
    // Fresh: whoever claims a slot must not trust what the calendar looked like a while ago.
    const asked = { tenantId, calendarIds: [calendarId], range, fresh: true };
    const { calendars } = await deps.calendar.getAvailability(asked, { deadline: deps.config.voice.availabilityMs });
    return calendars[0];
  };

  return {
    async tenant(tenantId) {
      const known = await tenants(tenantId, () =>
        withTenant(deps.pool, tenantId, (client) => selectTenant(client, tenantId)),
      );
      if (!known) throw new BookproofError("tenant_not_found");
      return known;
    },
    async state({ known, offering, calendarId, start, callKey }) {
      const tenantId = known.tenant.id;
      // A day before and two after the slot's own day: windows, busy times and buffers reach into it.
      const day = Math.floor(start / dayMs) * dayMs;
      const within = { from: day - dayMs, to: day + 3 * dayMs };
      const key = `${tenantId} ${calendarId} ${day}`;
      const occupied = await holds(key, () => readHolds(tenantId, calendarId, within));
      const own = (one: Occupied) => one.callSid === callKey;
      if (occupied.some((one) => own(one) && one.start === start && one.offeringId === offering.id)) return "own";
      const others = occupied.filter((one) => !own(one)).map((one) => one.span);
      if (touches(occupiedBy(start, offering), others)) return "held";

      const bookable = bookableSpan(known.tenant.bookingRules, Date.now());
      if (start < bookable.from || start >= bookable.to) return "closed";
      const calendar = await availabilities(key, () => readCalendar(tenantId, calendarId, within)).catch(unreadable);
      if (!calendar) return { unreadable: "calendar_not_found" };
      if ("unreadable" in calendar) return calendar;
      if (calendar.unreadableReason) return { unreadable: asReason(calendar.unreadableReason) };
      return isOpenAt(start, calendarSpans(calendar), offering) ? "open" : "closed";
    },
  };
}

/** A calendar service that does not answer is a calendar that cannot be read: the caller is not made to wait for retries. */
function unreadable(error: unknown): { unreadable: Reason } {
  if (hasReason(error, "unavailable")) return { unreadable: "calendar_unreadable" };
  throw error;
}

const asReason = (name: string): Reason => (reasonRow(name) ? (name as Reason) : "calendar_unreadable");
