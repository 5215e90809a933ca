import { addDays, resolveLocal, toLocal } from "../../resolve-local-time.ts";
import type { Opening } from "../dialogue-state.ts";
import type { ConfirmOutcome, DialogueTools, TenantProfile, TimeWindow } from "../dialogue-types.ts";

const HOLD_MS = 10 * 60_000;
const STEP_MINUTES = 30;
const WEEK = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

interface Held extends Opening {
  id: string;
  expiresAt: Date;
  confirmed: boolean;
}

/** A calendar that keeps its own books: what is held, what others took, what was confirmed. */
export function inMemoryCalendar(tenant: TenantProfile, clock: { now: Date }) {
  const holds = new Map<string, Held>();
  const taken: { start: number; end: number }[] = [];
  let unreadable = false;
  let assigned: { calendarId: string; calendarName: string } | undefined;
  let tooSoon = false;
  let confirmAs: "works" | "fails" | "runs" = "works";
  let confirmCalls = 0;

  const overlaps = (a: { start: number; end: number }, b: { start: number; end: number }) =>
    a.start < b.end && b.start < a.end;
  const span = ({ start, end }: Opening) => ({ start: Date.parse(start), end: Date.parse(end) });
  const isFree = (opening: Opening, ownHoldId?: string) =>
    !taken.some((t) => overlaps(t, span(opening))) &&
    ![...holds.values()].some(
      (h) => h.id !== ownHoldId && (h.confirmed || h.expiresAt > clock.now) && overlaps(span(h), span(opening)),
    );

  function* startsWithin({ from, to }: TimeWindow, minutes: number): Generator<Opening> {
    const last = toLocal(to, tenant.timeZone).date;
    for (let date = toLocal(from, tenant.timeZone).date; date <= last; date = addDays(date, 1)) {
      const weekday = WEEK[(new Date(`${date}T12:00Z`).getUTCDay() + 6) % 7];
      for (const hours of weekday ? (tenant.workingHours[weekday] ?? []) : []) {
        const at = (time: string) => resolveLocal({ date, time, timeZone: tenant.timeZone }).instant.getTime();
        for (let start = at(hours.from); start + minutes * 60_000 <= at(hours.to); start += STEP_MINUTES * 60_000) {
          if (start < from.getTime() || start >= to.getTime() || start <= clock.now.getTime()) continue;
          const [startAt, end] = [new Date(start), new Date(start + minutes * 60_000)];
          yield {
            calendarId: assigned ? "" : "cal-smith",
            calendarName: assigned ? "" : "Dr. Smith",
            start: startAt.toISOString(),
            end: end.toISOString(),
          };
        }
      }
    }
  }

  const tools: DialogueTools = {
    async findOpenings({ offeringId, windows, limit, ownHoldId }) {
      if (unreadable) return { openings: [], unreadable };
      const minutes = tenant.offerings.find(({ id }) => id === offeringId)?.durationMinutes ?? STEP_MINUTES;
      const openings: Opening[] = [];
      for (const window of windows) {
        for (const opening of startsWithin(window, minutes)) {
          if (openings.length === limit) return { openings, unreadable };
          if (isFree(opening, ownHoldId) && !openings.some((o) => overlaps(span(o), span(opening)))) {
            openings.push(opening);
          }
        }
      }
      return { openings, unreadable };
    },
    async claimSlot({ opening, replacesHoldId }) {
      if (tooSoon) return { held: false, taken: false };
      if (!isFree(opening, replacesHoldId)) return { held: false, taken: true };
      if (replacesHoldId) holds.delete(replacesHoldId);
      const id = `hold-${holds.size + 1}-${opening.start}`;
      const expiresAt = new Date(clock.now.getTime() + HOLD_MS);
      const { calendarId, calendarName } = opening.calendarId || !assigned ? opening : assigned;
      holds.set(id, { ...opening, calendarId, calendarName, id, expiresAt, confirmed: false });
      return { held: true, holdId: id, expiresAt: expiresAt.toISOString(), calendarId, calendarName };
    },
    async confirmBooking({ holdId }): Promise<ConfirmOutcome> {
      confirmCalls++;
      const hold = holds.get(holdId);
      if (confirmAs === "fails") return { status: "failed", reason: "calendar_failed_after_confirm" };
      if (confirmAs === "runs") return { status: "running" };
      if (!hold || new Date(hold.start) <= clock.now || !isFree(hold, holdId)) return { status: "slot_taken" };
      hold.confirmed = true;
      return { status: "confirmed", appointmentId: `appointment-${holdId}` };
    },
  };

  return {
    tools,
    /** Somebody else takes an hour from this local time on. */
    take(date: string, time: string, minutes = 60) {
      const start = resolveLocal({ date, time, timeZone: tenant.timeZone }).instant.getTime();
      taken.push({ start, end: start + minutes * 60_000 });
    },
    /** There are several calendars: an opening names none, and a slot is assigned to this one. */
    assigns(calendarId: string, calendarName: string) {
      assigned = { calendarId, calendarName };
    },
    /** What was offered is now within the minimum notice. */
    noticeRunsOut() {
      tooSoon = true;
    },
    breakDown() {
      unreadable = true;
    },
    confirms(how: typeof confirmAs) {
      confirmAs = how;
    },
    /** Local "YYYY-MM-DD HH:mm" of what was confirmed. */
    booked: () =>
      [...holds.values()]
        .filter(({ confirmed }) => confirmed)
        .map(({ start }) => toLocal(new Date(start), tenant.timeZone))
        .map(({ date, time }) => `${date} ${time}`),
    confirmCalls: () => confirmCalls,
    /** The calendars of what is held or confirmed. */
    calendars: () => [...holds.values()].map(({ calendarId }) => calendarId),
  };
}
