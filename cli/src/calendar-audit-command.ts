import type { AdminApi, CalendarAudit } from "@bookproof/launcher/client";
import type { Command } from "commander";
import { describeDifference } from "./describe-difference.ts";

interface Options {
  tenant: string;
  calendar?: string;
  repair?: boolean;
  json?: true;
}

/** `calendar audit`: both sides compared, every difference a line. Ends the process with 1 when there is one, or a calendar cannot be read. */
export function addCalendarAudit(
  calendar: Command,
  {
    print,
    withApi,
  }: { print: (line: string) => void; withApi: (run: (api: AdminApi) => Promise<void>) => Promise<void> },
): void {
  calendar
    .command("audit")
    .description("compare appointments with what the calendars show, both ways")
    .requiredOption("--tenant <id>", "the tenant whose calendars are compared")
    .option("--calendar <id>", "only this calendar")
    .option(
      "--repair",
      "let appointments follow their events, flag the others, delete what failed bookings left behind",
    )
    .option("--json", "print what was found as JSON")
    .action(async ({ tenant, calendar: only, repair = false, json }: Options) => {
      await withApi(async (api) => {
        const { calendars } = await api.auditCalendars(tenant, { ...(only && { calendar: only }), repair });
        if (json) print(JSON.stringify({ calendars }, null, 2));
        else for (const line of calendars.flatMap(auditLines)) print(line);
        if (calendars.some(({ differences, unreadableReason }) => differences.length > 0 || unreadableReason))
          process.exitCode = 1;
      });
    });
}

function auditLines({ calendar, name, appointments, events, unreadableReason, differences }: CalendarAudit): string[] {
  const heading = `${name || calendar} (${calendar})`;
  if (unreadableReason) return [`${heading}: cannot be read (${unreadableReason}): nothing was compared`];
  const found = differences.length === 1 ? "1 difference" : `${differences.length} differences`;
  return [
    `${heading}: ${appointments} appointments, ${events} events of ours, ${found}`,
    ...differences.map((difference) => `  ${describeDifference(difference)}`),
  ];
}
