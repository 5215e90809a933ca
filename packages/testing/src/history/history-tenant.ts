import type { ApplyTenantRequest } from "@bookproof/proto/booking";
import type { HistoryTenant } from "./history.ts";

/** What the history's reader needs to know of a tenant, from the request that set it up. */
export function historyTenant({ tenant, twilio, calendars }: ApplyTenantRequest): HistoryTenant {
  const owner = tenant?.owner;
  return {
    id: tenant?.id ?? "",
    name: tenant?.name ?? "",
    timeZone: tenant?.timeZone ?? "UTC",
    twilioAccountSid: twilio?.accountSid ?? "",
    phoneNumbers: tenant?.phoneNumbers ?? [],
    ownerPhones: [owner?.phone, owner?.vipPhone, owner?.hotLeadAlertPhone].flatMap((phone) => phone || []),
    ownerEmail: owner?.email ?? "",
    calendars: calendars.map(({ id, kind }) => ({
      id,
      ledger: kind?.$case === "google" ? kind.value.calendarId : undefined,
    })),
  };
}
