import { BookproofError, hasReason } from "@bookproof/errors";
import { type Queryable, withTenant } from "@bookproof/postgres";
import type { Logger } from "@bookproof/service";
import type pg from "pg";
import type { CalendarProvider, StoredEvent } from "../domain/calendar-provider.ts";
import type { SeenEvent } from "../domain/event-news.ts";
import { addBusyTime } from "../queries/busy-times.ts";
import { beginWrite, endWrite, storeSeenEvents } from "../queries/seen-events.ts";
import { type DueSync, touchSync } from "../queries/syncs.ts";

/**
 * A calendar at Google of which every write of ours is noted, before and after: so that it is known here at once, what was asked meanwhile
 * is not stored, and no change is told of that is ours.
 */
export function noteWrites(
  options: { pool: pg.Pool; logger: Logger; writingMs: number; where: DueSync },
  calendar: CalendarProvider,
): CalendarProvider {
  const { pool, logger, writingMs, where } = options;
  const inTransaction = <T>(work: (client: Queryable) => Promise<T>) => withTenant(pool, where.tenantId, work);

  async function begin(eventId: string, appointmentId: string): Promise<boolean> {
    try {
      return await inTransaction(async (client) => {
        // The row of the sync first, here and wherever both are written.
        const isSynced = await touchSync(client, where, writingMs);
        if (isSynced) await beginWrite(client, where, { eventId, appointmentId, forMs: writingMs });
        return isSynced;
      });
    } catch (error) {
      // Nothing was sent.
      throw new BookproofError("calendar_refused", undefined, { cause: error });
    }
  }

  async function end(eventId: string, seen: SeenEvent | undefined, frees: boolean): Promise<void> {
    try {
      await inTransaction(async (client) => {
        // What was freed is known only once Google is asked again.
        await touchSync(client, where, frees ? 0 : undefined);
        if (seen) await storeSeenEvents(client, where, [seen]);
        else await endWrite(client, where, eventId);
        if (seen?.live && seen.span) await addBusyTime(client, where, seen.span);
      });
    } catch (error) {
      // The write itself is done. Until it is no longer under way for sure, Google is asked; then it is seen as somebody else's.
      logger.warn(
        { err: error, ...where, eventId },
        "[CALENDAR_WRITE_NOT_NOTED] a write of ours is told of as a change",
      );
    }
  }

  async function noted<T>(
    event: { id: string; appointmentId: string },
    write: () => Promise<T>,
    done: { seen: (result: T) => SeenEvent; frees: boolean },
  ): Promise<T> {
    if (!(await begin(event.id, event.appointmentId))) return write();
    let result: T;
    try {
      result = await write();
    } catch (error) {
      if (!hasReason(error, "calendar_outcome_unknown")) await end(event.id, undefined, false);
      throw error;
    }
    await end(event.id, done.seen(result), done.frees);
    return result;
  }

  const seen = (event: StoredEvent): SeenEvent => event;
  return {
    ...calendar,
    insert: (event) => noted(event, () => calendar.insert(event), { seen, frees: false }),
    patch: (event) => noted(event, () => calendar.patch(event), { seen, frees: true }),
    delete(id) {
      const gone: SeenEvent = { id, appointmentId: "", live: false, declined: false, span: undefined };
      return noted(gone, () => calendar.delete(id), { seen: () => gone, frees: true });
    },
  };
}
