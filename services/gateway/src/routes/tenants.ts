import { BookproofError } from "@bookproof/errors";
import type { Tenant } from "@bookproof/proto/booking";
import { parseRequest } from "@bookproof/service";
import { resolvedTenantSchema, toApplyTenantRequest } from "@bookproof/tenant-file";
import type { FastifyInstance } from "fastify";
import type { Deps } from "../deps.ts";
import { requirePlatformOwner } from "../domain/principal.ts";
import { principalOf } from "./authenticate.ts";

const pageSize = 100;

/** Tenants as the operator's command sends them, and as admins may see them. */
export const tenantRoutes = (deps: Deps) => async (app: FastifyInstance) => {
  app.put<{ Params: { id: string } }>("/api/admin/tenants/:id", async (request) => {
    requirePlatformOwner(principalOf(request));
    const tenant = parseRequest(resolvedTenantSchema, request.body);
    if (tenant.id.toLowerCase() !== request.params.id.toLowerCase())
      throw new BookproofError("invalid_argument", "The id in the body is not the one in the URL.");
    const { created } = await deps.booking.applyTenant(toApplyTenantRequest(tenant));
    await deps.connections.refresh();
    return { created };
  });

  app.get("/api/admin/tenants", async (request) => {
    const principal = principalOf(request);
    if (principal.role === "platform_owner") return { tenants: await readAllTenants(deps) };
    const { tenant } = await deps.booking.getTenant({ tenantId: principal.tenantId });
    return { tenants: tenant ? [tenant] : [] };
  });
};

async function readAllTenants(deps: Deps): Promise<Tenant[]> {
  const all: Tenant[] = [];
  while (true) {
    const { tenants } = await deps.booking.listTenants({ afterId: all.at(-1)?.id ?? "", limit: pageSize });
    if (tenants.length === 0) return all;
    all.push(...tenants);
  }
}
