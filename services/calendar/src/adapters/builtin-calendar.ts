import { BookproofError, type Reason } from "@bookproof/errors";
import { withTenant } from "@bookproof/postgres";
import type pg from "pg";
import type { CalendarProvider } from "../domain/calendar-provider.ts";
import { holdCalendar, selectIsBlocked } from "../queries/blocked-times.ts";
import {
  deleteEventRow,
  insertEventRow,
  moveEventRow,
  selectBusy,
  selectEvent,
  selectOwnEvents,
} from "../queries/events.ts";

/** A calendar whose events are kept in our own database. Overlaps are refused by booking, not here; blocked times are. */
export function createBuiltinCalendar(options: {
  pool: pg.Pool;
  now: () => number;
  tenantId: string;
  calendarId: string;
}): CalendarProvider {
  const { pool, now, tenantId, calendarId } = options;
  return {
    busy: (range) =>
      orThrow(
        "calendar_unreadable",
        withTenant(pool, tenantId, (client) => selectBusy(client, tenantId, calendarId, range)),
      ),
    async insert(event) {
      const inserted = await orThrow(
        "calendar_outcome_unknown",
        withTenant(pool, tenantId, async (client) => {
          // Again here: a connection can be long in coming.
          if (now() >= event.notAfter.getTime()) throw new BookproofError("too_late");
          if (!(await insertEventRow(client, calendarId, event))) return false;
          // Only now: the event's foreign key holds the calendar's row, so that nobody blocks the time from here on.
          if (await selectIsBlocked(client, tenantId, calendarId, event))
            throw new BookproofError("calendar_refused", "That time is blocked in this calendar.");
          return true;
        }),
      );
      if (!inserted) throw new BookproofError("calendar_event_exists");
      const { id, appointmentId, from, to, summary } = event;
      return { id, appointmentId, span: { from, to }, live: true, declined: false, summary };
    },
    async patch(event) {
      const moved = await orThrow(
        "calendar_outcome_unknown",
        withTenant(pool, tenantId, async (client) => {
          if (now() >= event.notAfter.getTime()) throw new BookproofError("too_late");
          // Nobody blocks the time from here on.
          await holdCalendar(client, tenantId, calendarId);
          if (await selectIsBlocked(client, tenantId, calendarId, event))
            throw new BookproofError("calendar_refused", "That time is blocked in this calendar.");
          return moveEventRow(client, tenantId, calendarId, event);
        }),
      );
      if (!moved) throw new BookproofError("calendar_refused");
      return moved;
    },
    get: (id) =>
      orThrow(
        "calendar_unreadable",
        withTenant(pool, tenantId, (client) => selectEvent(client, tenantId, calendarId, id)),
      ),
    delete: (id) =>
      orThrow(
        "calendar_outcome_unknown",
        withTenant(pool, tenantId, (client) => deleteEventRow(client, tenantId, calendarId, id)),
      ),
    ownEvents: (range) =>
      orThrow(
        "calendar_unreadable",
        withTenant(pool, tenantId, (client) => selectOwnEvents(client, tenantId, calendarId, range)),
      ),
    changes: async () => ({ events: [], complete: false, token: "" }),
  };
}

/** What the database throws becomes the reason; a COMMIT that was cut off may have succeeded. */
async function orThrow<T>(reason: Reason, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof BookproofError) throw error;
    throw new BookproofError(reason, undefined, { cause: error });
  }
}
