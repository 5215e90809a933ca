import type { ApplyTenantRequest } from "@bookproof/proto/booking";
import { googleCalendar } from "../../support/tenants.ts";
import { offerings } from "./scenario.ts";

const calendars = [0, 1];
const everyDay = [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, from: "06:00", to: "20:00" }));

/** Google's id of a tenant's calendar. */
export const googleIdOf = (tenantId: string, calendarId: string): string => `${calendarId}@${tenantId}`;

/** A tenant with two Google calendars and every offering on each of them; its day is UTC's. */
export const tenantOf = (id: string): ApplyTenantRequest => ({
  tenant: {
    ...{ id, name: `Tenant ${id}`, timeZone: "UTC", phoneNumbers: [phoneOf(id)], plainTexts: false },
    owner: { phone: "+15559990001", vipPhone: "", email: "", hotLeadAlertPhone: "" },
    bookingRules: { slotStepMinutes: 30, minNoticeMinutes: 120, horizonDays: 60, holdMinutes: 10 },
    offerings: calendars.flatMap((calendar) =>
      offerings.map((offering) => ({
        ...offering,
        ...{ id: `${offering.id}-${calendar}`, name: `${offering.id} ${calendar}`, aliases: [] },
        ...{ needsAddress: false, highValue: false, priceHint: "", calendarIds: [`cal-${calendar}`] },
      })),
    ),
    workingHours: [],
    leadScoreWeights: undefined,
  },
  twilio: undefined,
  vapi: undefined,
  calendars: calendars.map((calendar) => ({
    ...googleCalendar(`cal-${calendar}`, `Calendar ${calendar}`, googleIdOf(id, `cal-${calendar}`)),
    workingHours: everyDay,
  })),
});

/** A number that no other tenant of the run has. */
function phoneOf(id: string): string {
  return `+1${(Number.parseInt(id.slice(0, 8), 16) % 9_000_000_000) + 1_000_000_000}`;
}
