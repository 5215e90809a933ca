import { BookproofError } from "@bookproof/errors";
import { withTenant } from "@bookproof/postgres";
import type { BlockTimeRequest, BlockTimeResponse } from "@bookproof/proto/calendar";
import { parseRequest } from "@bookproof/service";
import { z } from "zod";
import type { Deps } from "../deps.ts";
import { insertBlockedTime, lockOpenCalendar, selectAppointments } from "../queries/blocked-times.ts";
import { blockedTimeId, calendarId, tenantId, timeRange } from "./request-fields.ts";

const dayMs = 24 * 60 * 60_000;
const longestMs = 400 * dayMs;
/** No horizon is longer, and the doctor's test event lies beyond. */
const furthestMs = 730 * dayMs;

const schema = z.object({
  tenantId,
  id: blockedTimeId,
  calendarId,
  range: timeRange.refine(({ from, to }) => to.getTime() - from.getTime() <= longestMs, "must span 400 days at most"),
  reason: z.string().trim().max(200, "must have 200 characters at most"),
});

/** Blocks a time of a built-in calendar. An event is either named in the answer or refused from now on: never both, never neither. */
export const blockTime =
  (deps: Deps) =>
  async (request: BlockTimeRequest): Promise<BlockTimeResponse> => {
    const { tenantId: tenant, ...blocked } = parseRequest(schema, request);
    const { id, calendarId: calendar, range, reason } = blocked;
    refuseFarAway(range.to.getTime() - deps.now());
    const appointments = await withTenant(deps.pool, tenant, async (client) => {
      const kind = await lockOpenCalendar(client, tenant, calendar);
      if (!kind) throw new BookproofError("calendar_not_found");
      if (kind === "google")
        throw new BookproofError(
          "calendar_not_builtin",
          "This calendar is at Google: block the time in Google Calendar itself.",
        );
      await insertBlockedTime(client, tenant, { id, calendarId: calendar, ...range, reason });
      return selectAppointments(client, tenant, calendar, range);
    });
    return {
      appointments: appointments.map(({ appointmentId, summary, from, to }) => ({
        appointmentId,
        range: { from, to },
        summary,
      })),
    };
  };

function refuseFarAway(endsInMs: number): void {
  if (endsInMs <= 0) throw new BookproofError("invalid_argument", "range: must end in the future.");
  if (endsInMs > furthestMs) throw new BookproofError("invalid_argument", "range: must end within 730 days.");
}
