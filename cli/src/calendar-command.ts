import type { Command } from "commander";
import { calendarLines } from "./calendar-lines.ts";
import type { Surroundings } from "./doctor-command.ts";

/** `calendar list` and `calendar connect`: how a tenant's calendars are connected, and a link that connects one at Google. @returns the command, for its others. */
export function addCalendar(program: Command, { print, terminal, withApi }: Surroundings): Command {
  const calendar = program.command("calendar").description("a tenant's calendars").helpCommand(false);
  calendar
    .command("list")
    .description("how each calendar is connected, and what to do about those that are not")
    .requiredOption("--tenant <id>", "the tenant whose calendars they are")
    .action(({ tenant: tenantId }: { tenant: string }) =>
      withApi(async (api) => {
        for (const line of calendarLines(await api.listCalendars(tenantId), terminal)) print(line);
      }),
    );
  calendar
    .command("connect")
    .description("make a link that connects a calendar at Google; it stands alone on the last line")
    .requiredOption("--tenant <id>", "the tenant whose calendar it is")
    .requiredOption("--calendar <id>", "its id in the tenant file")
    .action(({ tenant: tenantId, calendar: id }: { tenant: string; calendar: string }) =>
      withApi(async (api) => {
        const { url, expiresAt } = await api.createConnectLink(tenantId, id);
        print("To be opened by whoever owns the calendar, signed in to Google; whoever has this link can connect it.");
        print(`It works until the calendar is connected, or until ${expiresAt}:`);
        print(url);
      }),
    );
  return calendar;
}
