import { withTenant } from "@bookproof/postgres";
import type { Offering, Tenant } from "@bookproof/proto/booking";
import type { Check } from "@bookproof/proto/doctor";
import { checksOf, failedCheck, okCheck, warningCheck } from "@bookproof/service";
import type { Deps } from "../deps.ts";
import { selectTenant } from "../queries/tenants.ts";
import { findOpenings } from "../rpc/find-openings.ts";

const withinMs = 8_000;
const apply = "and run `npm run bookproof -- tenant apply FILE`.";
const dayMs = 24 * 60 * 60_000;

/** Whether every offering can be booked on some calendar, and has an opening within the horizon. */
export function checkOfferings(deps: Deps, tenantId: string): Promise<Check[]> {
  const whatToDo = "Look at the log of booking, and run this again.";
  return checksOf("offerings", { whatToDo, withinMs, logger: deps.logger }, async () => {
    const known = await withTenant(deps.pool, tenantId, (client) => selectTenant(client, tenantId));
    const { offerings = [] } = known?.tenant ?? {};
    if (!known || offerings.length === 0)
      return failedCheck("offerings", "The tenant offers nothing.", `Put an offering in the tenant file ${apply}`);
    const without = offerings.filter(({ calendarIds }) => calendarIds.length === 0).map(({ name }) => name);
    if (without.length > 0)
      return failedCheck(
        "offerings",
        `No calendar takes ${without.join(", ")}.`,
        `Name a calendar for each in the tenant file ${apply}`,
      );
    const openings = await Promise.all(offerings.map((offering) => checkOpenings(deps, known.tenant, offering)));
    return [okCheck("offerings", `${offerings.length}, each on a calendar.`), ...openings.flat()];
  });
}

function checkOpenings(deps: Deps, tenant: Tenant, { id: offeringId, name: offered }: Offering): Promise<Check[]> {
  const name = `openings: ${offeringId}`;
  const whatToDo = "Look at the calendar service: without it there are no openings.";
  return checksOf(name, { whatToDo, withinMs, logger: deps.logger }, async () => {
    const days = tenant.bookingRules?.horizonDays ?? 60;
    const from = new Date();
    const { openings, unreadable } = await findOpenings(deps)({
      ...{ tenantId: tenant.id, offeringId, limit: 1, ownHoldId: "", conversationId: "", movesAppointmentId: "" },
      windows: [{ from, to: new Date(from.getTime() + days * dayMs) }],
    });
    if (unreadable.length > 0) {
      const which = unreadable.map(({ calendarId, reason }) => `${calendarId} (${reason})`).join(", ");
      return warningCheck(name, `${offered}: cannot be read: ${which}.`, "See what is said of that calendar.");
    }
    const [first] = openings;
    if (first?.start) return okCheck(name, `${offered}: the first is ${inZone(first.start, tenant.timeZone)}.`);
    const hours = `Check the working hours, closed days and busy times of its calendars, min_notice_minutes and horizon_days, ${apply}`;
    return warningCheck(name, `${offered}: there is none within ${days} days.`, hours);
  });
}

function inZone(start: Date, timeZone: string): string {
  return start.toLocaleString("en-US", { timeZone, dateStyle: "medium", timeStyle: "short" });
}
