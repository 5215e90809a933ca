import { withTenant } from "@bookproof/postgres";
import type { ListBlockedTimesRequest, ListBlockedTimesResponse } from "@bookproof/proto/calendar";
import { parseRequest } from "@bookproof/service";
import { z } from "zod";
import type { Deps } from "../deps.ts";
import { selectBlockedTimes } from "../queries/blocked-times.ts";
import { findCalendar } from "./find-calendar.ts";
import { blockedTimeId, pageLimit, tenantId } from "./request-fields.ts";

const schema = z.object({
  tenantId,
  calendarId: z.string(),
  afterId: z.union([z.literal(""), blockedTimeId]),
  limit: pageLimit,
});

/** The blocked times that are not over, by id. */
export const listBlockedTimes =
  (deps: Deps) =>
  async (request: ListBlockedTimesRequest): Promise<ListBlockedTimesResponse> => {
    const { tenantId: tenant, ...wanted } = parseRequest(schema, request);
    if (wanted.calendarId) await findCalendar(deps, tenant, wanted.calendarId);
    const endsAfter = new Date(deps.now());
    const found = await withTenant(deps.pool, tenant, (client) =>
      selectBlockedTimes(client, tenant, { ...wanted, endsAfter }),
    );
    return {
      blockedTimes: found.map(({ id, calendarId, reason, from, to }) => ({
        id,
        calendarId,
        range: { from, to },
        reason,
      })),
    };
  };
