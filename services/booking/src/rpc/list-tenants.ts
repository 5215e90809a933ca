import { withTenant } from "@bookproof/postgres";
import type { ListTenantsRequest, ListTenantsResponse } from "@bookproof/proto/booking";
import { parseRequest } from "@bookproof/service";
import { z } from "zod";
import type { Deps } from "../deps.ts";
import { selectTenant, selectTenantIds } from "../queries/tenants.ts";

const schema = z.object({ afterId: z.union([z.guid(), z.literal("")]), limit: z.int().min(0).max(500) });

export const listTenants =
  (deps: Deps) =>
  async (request: ListTenantsRequest): Promise<ListTenantsResponse> => {
    const { afterId, limit } = parseRequest(schema, request);
    const ids = await selectTenantIds(deps.pool, afterId, limit || 100);
    const known = await Promise.all(ids.map((id) => withTenant(deps.pool, id, (client) => selectTenant(client, id))));
    return { tenants: known.flatMap((one) => (one ? [one.tenant] : [])) };
  };
