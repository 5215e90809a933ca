import { withTenant } from "@bookproof/postgres";
import type { ResolveEscalationsRequest, ResolveEscalationsResponse } from "@bookproof/proto/notifier";
import { parseRequest } from "@bookproof/service";
import { z } from "zod";
import type { Deps } from "../deps.ts";
import { resolveEscalations as resolve } from "../queries/escalations.ts";
import { cid, tenantId } from "./fields.ts";

const schema = z.object({ tenantId, cid });

/** A human has taken over: nothing of this journey is alerted any more. */
export const resolveEscalations =
  (deps: Deps) =>
  async (request: ResolveEscalationsRequest): Promise<ResolveEscalationsResponse> => {
    const { tenantId: tenant, cid: journey } = parseRequest(schema, request);
    const resolved = await withTenant(deps.pool, tenant, (client) => resolve(client, tenant, journey));
    return { resolved: resolved.length };
  };
