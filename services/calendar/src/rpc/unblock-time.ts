import { BookproofError } from "@bookproof/errors";
import { withTenant } from "@bookproof/postgres";
import type { UnblockTimeRequest, UnblockTimeResponse } from "@bookproof/proto/calendar";
import { parseRequest } from "@bookproof/service";
import { z } from "zod";
import type { Deps } from "../deps.ts";
import { deleteBlockedTime } from "../queries/blocked-times.ts";
import { blockedTimeId, tenantId } from "./request-fields.ts";

const schema = z.object({ tenantId, id: blockedTimeId });

/** Opens a blocked time again. */
export const unblockTime =
  (deps: Deps) =>
  async (request: UnblockTimeRequest): Promise<UnblockTimeResponse> => {
    const { tenantId: tenant, id } = parseRequest(schema, request);
    const existed = await withTenant(deps.pool, tenant, (client) => deleteBlockedTime(client, tenant, id));
    if (!existed) throw new BookproofError("blocked_time_not_found");
    return {};
  };
