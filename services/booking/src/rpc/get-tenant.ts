import { BookproofError } from "@bookproof/errors";
import { withTenant } from "@bookproof/postgres";
import type { GetTenantRequest, GetTenantResponse } from "@bookproof/proto/booking";
import type { Deps } from "../deps.ts";
import { selectTenant } from "../queries/tenants.ts";

export const getTenant =
  (deps: Deps) =>
  async ({ tenantId }: GetTenantRequest): Promise<GetTenantResponse> => {
    const known = await withTenant(deps.pool, tenantId, (client) => selectTenant(client, tenantId));
    if (!known) throw new BookproofError("tenant_not_found");
    return { tenant: known.tenant };
  };
