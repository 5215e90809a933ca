import { attemptIdOf, withTenant } from "@bookproof/postgres";
import { calendarSpans } from "../adapters/calendar-spans.ts";
import type { Deps } from "../deps.ts";
import { touches } from "../domain/openings.ts";
import { selectAttempt } from "../queries/attempts.ts";
import { selectHeldPlace } from "../queries/holds.ts";

/**
 * A fresh look before T1: whether the calendar shows the slot of a hold taken by something that was not there when it was held. Where the
 * calendar cannot be asked the answer is no: then the attempt's own write tells, and its failure is escalated (P2).
 */
export async function isTakenInCalendar(deps: Deps, tenantId: string, holdId: string): Promise<boolean> {
  const place = await withTenant(deps.pool, tenantId, async (client) => {
    // Once it has begun the slot's own event is there.
    if (await selectAttempt(client, tenantId, attemptIdOf(tenantId, holdId))) return undefined;
    return selectHeldPlace(client, tenantId, holdId);
  });
  if (!place) return false;
  const { calendarId, span } = place;
  try {
    const range = { from: new Date(span.from), to: new Date(span.to) };
    const asked = { tenantId, calendarIds: [calendarId], range, fresh: true };
    const limit = { deadline: deps.config.saga.lookTimeoutMs, retry: false };
    const [calendar] = (await deps.calendar.getAvailability(asked, limit)).calendars;
    if (!calendar || calendar.unreadableReason) return false;
    return touches(span, calendarSpans(calendar).busy);
  } catch (error) {
    deps.logger.warn({ err: error, tenantId, calendarId }, "[CALENDAR_NOT_LOOKED_AT] before a CONFIRM");
    return false;
  }
}
