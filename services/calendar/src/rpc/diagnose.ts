import { checkDatabase, withTenant } from "@bookproof/postgres";
import type { DiagnoseRequest, DiagnoseResponse } from "@bookproof/proto/calendar";
import type { Check } from "@bookproof/proto/doctor";
import { checksOf, failedCheck, parseRequest } from "@bookproof/service";
import { z } from "zod";
import type { Deps } from "../deps.ts";
import { checkCalendar } from "../diagnosis/check-calendar.ts";
import { checkGoogleClock } from "../diagnosis/check-clocks.ts";
import { type Calendar, selectOpenCalendars } from "../queries/calendars.ts";
import { tenantId } from "./request-fields.ts";

const schema = z.object({ tenantId });
const listMs = 6_000;
/** Of one calendar: to write, read, delete and look again. */
const calendarMs = 10_000;

/** What a tenant needs of its calendars: a test event is written to each, and deleted. */
export const diagnose =
  (deps: Deps) =>
  async (request: DiagnoseRequest): Promise<DiagnoseResponse> => {
    const { tenantId: tenant } = parseRequest(schema, request);
    const { pool, logger, now } = deps;
    const checks = await Promise.all([
      checkDatabase(pool, { service: "the calendar service", logger, now }),
      checkCalendars(deps, tenant),
    ]);
    return { checks: checks.flat() };
  };

function checkCalendars(deps: Deps, tenant: string): Promise<Check[]> {
  const options = {
    whatToDo: "Look at Postgres, and run this again.",
    withinMs: listMs + calendarMs,
    logger: deps.logger,
  };
  return checksOf("calendars", options, async () => {
    const calendars = await withTenant(deps.pool, tenant, (client) => selectOpenCalendars(client, tenant));
    if (calendars.length === 0)
      return failedCheck(
        "calendars",
        "The tenant has no calendar.",
        "Put one in the tenant file and run `npm run bookproof -- tenant apply FILE`.",
      );
    const isAtGoogle = calendars.some(({ source }) => source.kind === "google");
    const checks = await Promise.all([
      ...(isAtGoogle ? [checkGoogleClock(deps)] : []),
      ...calendars.map((calendar) => checkOne(deps, tenant, calendar)),
    ]);
    return checks.flat();
  });
}

function checkOne(deps: Deps, tenant: string, calendar: Calendar): Promise<Check[]> {
  const whatToDo = "Look at the log of the calendar service, and run this again.";
  const name = `calendar ${calendar.id}`;
  return checksOf(name, { whatToDo, withinMs: calendarMs, logger: deps.logger }, () =>
    checkCalendar(deps, tenant, calendar),
  );
}
