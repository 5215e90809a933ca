import { parseTenantFile, type TenantFile } from "@bookproof/tenant-file";

/** A business that the soak's customers text and call. */
export interface Business {
  id: string;
  phone: string;
  owner: string;
  twilio: { sid: string; authToken: string };
  vapiSecret: string;
}

const hours = ["09:00-17:00"];
const everyDay = { mon: hours, tue: hours, wed: hours, thu: hours, fri: hours, sat: hours, sun: hours };

/** So many days ahead the businesses take bookings. */
export const horizonDays = 60;

export function makeBusinesses(count: number): Business[] {
  return Array.from({ length: count }, (_, index) => {
    const number = String(index + 1).padStart(4, "0");
    return {
      id: `a0000000-0000-0000-0000-00000000${number}`,
      phone: `+1555010${number}`,
      owner: `+1555020${number}`,
      twilio: { sid: `AC${String(index + 1).padStart(32, "0")}`, authToken: `soak-auth-token-of-business-${number}` },
      vapiSecret: `soak-vapi-secret-of-business-${number}`,
    };
  });
}

/** The tenant file of the businesses: each with two rooms, open every day. */
export function tenantFileOf(businesses: Business[]): TenantFile {
  const calendar = (id: string) => ({ id, display_name: id, kind: "builtin", working_hours: everyDay });
  const tenants = businesses.map(({ id, phone, owner, twilio, vapiSecret }) => ({
    id,
    name: `Clinic ${phone.slice(-4)}`,
    time_zone: "America/New_York",
    phone_numbers: [phone],
    owner: { phone: owner },
    twilio: { account_sid: twilio.sid, auth_token: twilio.authToken },
    vapi: { secret: vapiSecret },
    booking: { horizon_days: horizonDays },
    calendars: [calendar("room-1"), calendar("room-2")],
    offerings: [{ id: "checkup", name: "Checkup", duration_minutes: 30, calendars: ["room-1", "room-2"] }],
  }));
  return parseTenantFile(JSON.stringify({ tenants }), process.cwd());
}
