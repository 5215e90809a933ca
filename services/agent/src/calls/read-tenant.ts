import { BookproofError } from "@bookproof/errors";
import type { BookingServiceDefinition, Tenant } from "@bookproof/proto/booking";
import type { GrpcClient } from "@bookproof/service";

/** @throws BookproofError `tenant_not_found`, or what booking throws. */
export type TenantReader = (tenantId: string) => Promise<Tenant>;

const KEPT_MS = 5_000;

/** Reads tenants from booking, each at most once in five seconds: a thousand callers at once are one question. */
export function createTenantReader(booking: Pick<GrpcClient<BookingServiceDefinition>, "getTenant">): TenantReader {
  const known = new Map<string, { tenant: Promise<Tenant>; until: number }>();
  return (tenantId) => {
    const now = performance.now();
    const kept = known.get(tenantId);
    if (kept && kept.until > now) return kept.tenant;
    const tenant = read(booking, tenantId);
    known.set(tenantId, { tenant, until: now + KEPT_MS });
    tenant.catch(() => {
      if (known.get(tenantId)?.tenant === tenant) known.delete(tenantId);
    });
    return tenant;
  };
}

async function read(booking: Pick<GrpcClient<BookingServiceDefinition>, "getTenant">, tenantId: string) {
  const { tenant } = await booking.getTenant({ tenantId }, { deadline: 4_000 });
  if (!tenant) throw new BookproofError("tenant_not_found");
  return tenant;
}
