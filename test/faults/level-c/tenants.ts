import { parseTenantFile, type TenantFile } from "@bookproof/tenant-file";
import type { HistoryTenant } from "@bookproof/testing";

/** A business of the run, and what its customers and its history's reader need to know. */
export interface Business {
  id: string;
  phone: string;
  owner: string;
  vapiSecret: string;
  /** Our id of its calendar. */
  calendarId: string;
  history: HistoryTenant;
}

export const twilioToken = "level-c-twilio-token-0123456789abcdef";
const everyDay = Object.fromEntries(
  ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].map((day) => [day, ["09:00-17:00"]]),
);

/** So many businesses, each with an account at Twilio and a calendar at Google. */
export function makeBusinesses(count: number): { businesses: Business[]; file: TenantFile; env: NodeJS.ProcessEnv } {
  const businesses = Array.from({ length: count }, (_, index): Business => {
    const number = String(index).padStart(3, "0");
    const id = `c0000000-0000-4000-8000-000000000${number}`;
    const phone = `+15550${number}001`;
    const owner = `+15550${number}900`;
    const ledger = `calendar-${number}@group.calendar.google.com`;
    return {
      ...{ id, phone, owner, vapiSecret: `level-c-vapi-secret-${number}`, calendarId: `cal-${number}` },
      history: {
        ...{ id, name: `Business ${number}`, timeZone: "America/New_York", ownerEmail: "" },
        ...{ twilioAccountSid: accountSid(index), phoneNumbers: [phone], ownerPhones: [owner] },
        calendars: [{ id: `cal-${number}`, ledger }],
      },
    };
  });
  const env: NodeJS.ProcessEnv = { LEVEL_C_TWILIO_TOKEN: twilioToken, LEVEL_C_GOOGLE_TOKEN: "level-c-refresh-token" };
  const tenants = businesses.map(({ history, ...business }, index) => {
    env[`LEVEL_C_VAPI_SECRET_${index}`] = business.vapiSecret;
    const [calendar] = history.calendars;
    return {
      ...{ id: business.id, name: history.name, time_zone: history.timeZone, phone_numbers: [business.phone] },
      owner: { phone: business.owner },
      twilio: { account_sid: history.twilioAccountSid, auth_token_env: "LEVEL_C_TWILIO_TOKEN" },
      vapi: { secret_env: `LEVEL_C_VAPI_SECRET_${index}` },
      calendars: [
        {
          ...{ id: business.calendarId, display_name: "Dr. Smith", kind: "google", working_hours: everyDay },
          google: { calendar_id: calendar?.ledger, refresh_token_env: "LEVEL_C_GOOGLE_TOKEN" },
        },
      ],
      offerings: [{ id: "consultation", name: "Consultation", duration_minutes: 30, calendars: [business.calendarId] }],
    };
  });
  return { businesses, env, file: parseTenantFile(JSON.stringify({ tenants }), import.meta.dirname) };
}

function accountSid(index: number): string {
  return `AC${String(index).padStart(32, "c")}`;
}
