import { deterministicUuid } from "@bookproof/postgres";
import type { ApplyTenantRequest } from "@bookproof/proto/booking";
import { clinic, googleCalendar } from "../../support/tenants.ts";
import type { Plan } from "./plan.ts";

/** A seed's tenant and the numbers of everybody in its story. */
export interface SeedTenant {
  request: ApplyTenantRequest;
  id: string;
  business: string;
  owner: string;
  vapiSecret: string;
  /** The calendar's id at Google; of no meaning for a built-in calendar. */
  googleCalendarId: string;
  calendarId: string;
  customers: readonly [string, string];
}

/** The tenant of a plan, with numbers and credentials that no other seed of a million has. */
export function tenantOfSeed({ seed, calendar, owner: traits, needsAddress }: Plan): SeedTenant {
  const number = (place: number) => `+1555${String(seed % 1_000_000).padStart(6, "0")}${place}`;
  const id = deterministicUuid("fault seed", String(seed));
  const hex = id.replaceAll("-", "");
  const calendarId = "cal-smith";
  const googleCalendarId = `${hex}@group.calendar.google.com`;
  const google = googleCalendar(calendarId, "Dr. Smith", googleCalendarId);
  const base = clinic(calendar === "google" ? google : { ...google, kind: { $case: "builtin", value: {} } });
  const [business, owner, vip] = [number(0), number(1), number(2)];
  const tenant = base.tenant && {
    ...base.tenant,
    id,
    phoneNumbers: [business],
    owner: {
      phone: owner,
      vipPhone: traits.vip ? vip : "",
      email: traits.email ? `owner-${seed}@example.com` : "",
      hotLeadAlertPhone: "",
    },
    offerings: base.tenant.offerings.map((offering) => ({ ...offering, needsAddress })),
  };
  const vapiSecret = `vapi-secret-${hex}`;
  const request = {
    ...base,
    tenant,
    twilio: { accountSid: `AC${hex}`, authToken: hex },
    vapi: { secret: vapiSecret, hmacSecret: "", promptExtension: "" },
  };
  return { request, id, business, owner, vapiSecret, googleCalendarId, calendarId, customers: [number(4), number(5)] };
}

/** The same tenant, its calendar connected with another grant. */
export function withNewGrant({ request, googleCalendarId }: SeedTenant): ApplyTenantRequest {
  const credential = { $case: "refreshToken" as const, value: `new grant of ${googleCalendarId}` };
  const kind = { $case: "google" as const, value: { calendarId: googleCalendarId, credential } };
  return {
    ...request,
    calendars: request.calendars.map((calendar) =>
      calendar.kind?.$case === "google" ? { ...calendar, kind } : calendar,
    ),
  };
}
