import { setTimeout as delay } from "node:timers/promises";
import type { ResolvedTenant } from "@bookproof/tenant-file";
import { type AdminApi, AdminApiError } from "./admin-api.ts";
import { LauncherError, messageOf } from "./launcher-error.ts";

/** How long to go on trying while services restart. */
const PATIENCE_MS = 15_000;

/** @throws LauncherError naming the tenant that was refused */
export async function applyTenants(
  api: AdminApi,
  tenants: readonly ResolvedTenant[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  for (const tenant of tenants) {
    while (!(await isApplied(api, tenant, deadline))) {
      signal?.throwIfAborted();
      await delay(200);
    }
  }
}

async function isApplied(api: AdminApi, tenant: ResolvedTenant, deadline: number): Promise<boolean> {
  try {
    await api.applyTenant(tenant);
    return true;
  } catch (error) {
    const passing = error instanceof AdminApiError && (error.status === undefined || error.status >= 500);
    if (passing && Date.now() < deadline) return false;
    throw new LauncherError(`Tenant "${tenant.name}" could not be applied: ${messageOf(error)}`, { cause: error });
  }
}
