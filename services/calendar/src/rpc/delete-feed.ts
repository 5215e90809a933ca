import { withTenant } from "@bookproof/postgres";
import type { DeleteFeedRequest, DeleteFeedResponse } from "@bookproof/proto/calendar";
import { parseRequest } from "@bookproof/service";
import { z } from "zod";
import type { Deps } from "../deps.ts";
import { deleteFeedRow } from "../queries/feeds.ts";
import { findCalendar } from "./find-calendar.ts";
import { calendarId, tenantId } from "./request-fields.ts";

const schema = z.object({ tenantId, calendarId });

/** Ends a calendar's link; where there is none, that is said. */
export const deleteFeed =
  (deps: Deps) =>
  async (request: DeleteFeedRequest): Promise<DeleteFeedResponse> => {
    const { tenantId: tenant, calendarId: calendar } = parseRequest(schema, request);
    await findCalendar(deps, tenant, calendar);
    return { existed: await withTenant(deps.pool, tenant, (client) => deleteFeedRow(client, tenant, calendar)) };
  };
