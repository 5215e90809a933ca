import type { AdminApi } from "@bookproof/launcher/client";
import { UsageError } from "./usage-error.ts";

/** The IANA zone by whose clocks a tenant's times are typed and shown. @throws UsageError for an unknown tenant */
export async function zoneOf(api: AdminApi, tenantId: string): Promise<string> {
  const tenant = (await api.listTenants()).find(({ id }) => id === tenantId.toLowerCase());
  if (!tenant) throw new UsageError("No such tenant.");
  return tenant.timeZone;
}
