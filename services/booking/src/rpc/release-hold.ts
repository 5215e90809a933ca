import { withTenant } from "@bookproof/postgres";
import type { ReleaseHoldRequest, ReleaseHoldResponse } from "@bookproof/proto/booking";
import { parseRequest } from "@bookproof/service";
import { z } from "zod";
import type { Deps } from "../deps.ts";
import { releaseHeldSlot } from "../queries/holds.ts";

const schema = z.object({ tenantId: z.guid(), holdId: z.guid() });

export const releaseHold =
  (deps: Deps) =>
  async (request: ReleaseHoldRequest): Promise<ReleaseHoldResponse> => {
    const { tenantId, holdId } = parseRequest(schema, request);
    return { released: await withTenant(deps.pool, tenantId, (client) => releaseHeldSlot(client, tenantId, holdId)) };
  };
