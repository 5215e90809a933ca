import { BookproofError } from "@bookproof/errors";
import type { Tenant } from "@bookproof/proto/booking";
import type { Deps } from "../deps.ts";
import type { TenantProfile } from "../domain/dialogue/take-turn.ts";
import type { WorkingHours } from "../domain/when.ts";

/** What the dialogue knows of a tenant. @throws BookproofError `tenant_not_found`. */
export async function loadTenantProfile(deps: Deps, tenantId: string, tenantPhone: string): Promise<TenantProfile> {
  const { tenant } = await deps.booking.getTenant({ tenantId }, { deadline: 2_000 });
  if (!tenant) throw new BookproofError("tenant_not_found");
  return toTenantProfile(tenant, tenantPhone);
}

/** The dialogue's view of a tenant as booking knows it. */
export function toTenantProfile(tenant: Tenant, tenantPhone: string): TenantProfile {
  return {
    name: tenant.name,
    timeZone: tenant.timeZone,
    phoneNumber: tenantPhone,
    horizonDays: tenant.bookingRules?.horizonDays ?? 60,
    workingHours: byWeekday(tenant.workingHours),
    offerings: tenant.offerings.map((offering) => ({
      id: offering.id,
      name: offering.name,
      aliases: offering.aliases,
      durationMinutes: offering.durationMinutes,
      needsAddress: offering.needsAddress,
      priceHint: offering.priceHint,
    })),
  };
}

const weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

function byWeekday(hours: Tenant["workingHours"]): WorkingHours {
  const byDay: WorkingHours = {};
  for (const { weekday, from, to } of hours) {
    const day = weekdays[weekday - 1];
    if (day) byDay[day] = [...(byDay[day] ?? []), { from, to }];
  }
  return byDay;
}
