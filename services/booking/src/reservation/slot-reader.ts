import { BookproofError, hasReason, type Reason, reasonRow } from "@bookproof/errors";
import { withTenant } from "@bookproof/postgres";
import type { Offering } from "@bookproof/proto/booking";
import type { CalendarAvailability } from "@bookproof/proto/calendar";
import { calendarSpans } from "../adapters/calendar-spans.ts";
import type { Deps } from "../deps.ts";
import { bookableSpan, calendarTime, isOpenAt, occupiedBy, type Span, touches } from "../domain/openings.ts";
import { type Occupied, selectOccupied } from "../queries/occupied.ts";
import { type KnownTenant, selectTenant } from "../queries/tenants.ts";
import { createCoalescedLookup } from "./coalesced-lookup.ts";

/** Whether the business takes bookings then, whoever holds what. */
export type Openness = "open" | "closed" | { unreadable: Reason };

/** How a slot of one calendar stands for one caller. */
export type SlotState = Openness | "own" | "held";

/** The slot that is asked about. `start` in milliseconds since the epoch. */
export interface SlotQuestion {
  known: KnownTenant;
  offering: Offering;
  calendarIds: string[];
  start: number;
}

export interface SlotReader {
  tenant(tenantId: string): Promise<KnownTenant>;
  /** Working hours, busy times, notice and horizon as FindOpenings reckons them, in the order of the calendars. */
  openness(question: SlotQuestion): Promise<Openness[]>;
  /** The same, and the holds as they are now. @param callKey of the asking caller: their own holds do not block. */
  states(question: SlotQuestion, callKey: string): Promise<SlotState[]>;
}

const dayMs = 24 * 60 * 60_000;

/** Reads slots for many callers at once: those who ask for the same share the look-ups. */
export function createSlotReader(deps: Deps): SlotReader {
  const tenants = createCoalescedLookup<KnownTenant | undefined>();
  const availabilities = createCoalescedLookup<CalendarAvailability[]>();
  const holds = createCoalescedLookup<Occupied[]>();

  const readHolds = (tenantId: string, calendarIds: string[], within: Span) =>
    withTenant(deps.pool, tenantId, (client) =>
      selectOccupied(client, tenantId, { calendarIds, within, exceptHoldId: "" }),
    );
  const readCalendars = async (tenantId: string, calendarIds: string[], within: Span) => {
    const range = { from: new Date(within.from), to: new Date(within.to) };
    // Fresh: whoever claims a slot must not trust what the calendar looked like a while ago.
    const asked = { tenantId, calendarIds, range, fresh: true };
    return (await deps.calendar.getAvailability(asked, { deadline: deps.config.voice.availabilityMs })).calendars;
  };

  async function openness({ known, offering, calendarIds, start }: SlotQuestion): Promise<Openness[]> {
    const bookable = bookableSpan(known.tenant.bookingRules, Date.now());
    if (start < bookable.from || start >= bookable.to) return calendarIds.map(() => "closed");
    const { key, within } = around(known.tenant.id, calendarIds, start);
    const read = await availabilities(key, () => readCalendars(known.tenant.id, calendarIds, within)).catch(unreadable);
    if ("unreadable" in read) return calendarIds.map(() => read);
    return calendarIds.map((calendarId) => {
      const calendar = read.find((one) => one.calendarId === calendarId);
      if (!calendar) return { unreadable: "calendar_not_found" };
      if (calendar.unreadableReason) return { unreadable: asReason(calendar.unreadableReason) };
      const { windows, busy } = calendarSpans(calendar);
      return isOpenAt(start, calendarTime({ windows, blocked: busy }), offering) ? "open" : "closed";
    });
  }

  return {
    openness,
    async tenant(tenantId) {
      const known = await tenants(tenantId, () =>
        withTenant(deps.pool, tenantId, (client) => selectTenant(client, tenantId)),
      );
      if (!known) throw new BookproofError("tenant_not_found");
      return known;
    },
    async states(question, callKey) {
      const { known, offering, calendarIds, start } = question;
      const { key, within } = around(known.tenant.id, calendarIds, start);
      const occupied = await holds(key, () => readHolds(known.tenant.id, calendarIds, within));
      const byHolds = calendarIds.map((calendarId) => {
        const here = occupied.filter((one) => one.calendarId === calendarId);
        const own = here.filter((one) => one.callSid === callKey);
        if (own.some((one) => one.start === start && one.offeringId === offering.id)) return "own";
        const others = here.filter((one) => one.callSid !== callKey).map((one) => one.span);
        return touches(occupiedBy(start, offering), others) ? "held" : undefined;
      });
      const unsettled = calendarIds.filter((_, index) => byHolds[index] === undefined);
      const found = unsettled.length > 0 ? await openness({ ...question, calendarIds: unsettled }) : [];
      return byHolds.map((state) => state ?? found.shift() ?? "closed");
    },
  };
}

/** A day before and two after the slot's own day: windows, busy times and buffers reach into it. */
function around(tenantId: string, calendarIds: string[], start: number): { key: string; within: Span } {
  const day = Math.floor(start / dayMs) * dayMs;
  const within = { from: day - dayMs, to: day + 3 * dayMs };
  return { key: [tenantId, day, ...calendarIds].join(" "), within };
}

/** A calendar service that does not answer is a calendar that cannot be read: the caller is not made to wait for retries. */
function unreadable(error: unknown): { unreadable: Reason } {
  if (hasReason(error, "unavailable")) return { unreadable: "calendar_unreadable" };
  throw error;
}

const asReason = (name: string): Reason => (reasonRow(name) ? (name as Reason) : "calendar_unreadable");
