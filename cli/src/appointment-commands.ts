import type { AdminApi, ChangedAppointment, ListedAppointment } from "@bookproof/launcher/client";
import type { Command } from "commander";
import { DateTime } from "luxon";
import { zoneOf } from "./tenant-zone.ts";
import { readTypedTime } from "./typed-time.ts";
import { printable } from "./wrap-text.ts";

interface Surroundings {
  print: (line: string) => void;
  withApi: (run: (api: AdminApi) => Promise<void>) => Promise<void>;
}

/** `appointment list`, `move` and `cancel`: the same saga and the same proof as by text; the customer is told. */
export function addAppointmentCommands(program: Command, surroundings: Surroundings): void {
  const appointment = program.command("appointment").description("a tenant's appointments").helpCommand(false);
  addList(appointment, surroundings);
  addMove(appointment, surroundings);
  addCancel(appointment, surroundings);
}

function addList(appointment: Command, { print, withApi }: Surroundings): void {
  appointment
    .command("list")
    .description("id, time, what, who, how it stands; from now on for 30 days unless told")
    .requiredOption("--tenant <id>", "whose appointments")
    .option("--from <time>", 'by the tenant\'s clocks, as "2026-12-24 13:00"; with an offset; or a day')
    .option("--to <time>", "the end; a day alone is included")
    .option("--calendar <id>", "only of this calendar")
    .option("--phone <number>", "only of this customer, E.164")
    .action((options: { tenant: string; from?: string; to?: string; calendar?: string; phone?: string }) =>
      withApi(async (api) => {
        const { tenant: tenantId, from, to, ...only } = options;
        const timeZone = await zoneOf(api, tenantId);
        const typed = (text: string, option: string, isEnd: boolean) =>
          readTypedTime(text, { option, timeZone, isEnd }).toISOString();
        const listed = await api.listAppointments({
          ...{ tenantId, ...only },
          ...(from !== undefined && { from: typed(from, "--from", false) }),
          ...(to !== undefined && { to: typed(to, "--to", true) }),
        });
        for (const one of listed) print(columnsOf(one, timeZone).join("  "));
        if (listed.length === 0) print("no appointments");
      }),
    );
}

function addMove(appointment: Command, { print, withApi }: Surroundings): void {
  appointment
    .command("move")
    .description("move an appointment; done once the calendar shows the new time, and the customer is told")
    .requiredOption("--tenant <id>", "whose appointment")
    .requiredOption("--id <id>", "as `appointment list` prints it")
    .requiredOption("--to <time>", 'by the tenant\'s clocks, as "2026-12-24 13:00", or with an offset')
    .option("--calendar <id>", "to another calendar of its offering")
    .action((options: { tenant: string; id: string; to: string; calendar?: string }) =>
      withApi(async (api) => {
        const { tenant: tenantId, id, calendar } = options;
        const timeZone = await zoneOf(api, tenantId);
        const start = readTypedTime(options.to, { option: "--to", timeZone, isEnd: false });
        const moved = await api.moveAppointment({ tenantId, id, start, ...(calendar !== undefined && { calendar }) });
        print(`${wordOf(moved, "moved")}  ${describe(moved.appointment, timeZone).join("  ")}`);
      }),
    );
}

function addCancel(appointment: Command, { print, withApi }: Surroundings): void {
  appointment
    .command("cancel")
    .description("cancel an appointment; done once the calendar shows it gone, and the customer is told")
    .requiredOption("--tenant <id>", "whose appointment")
    .requiredOption("--id <id>", "as `appointment list` prints it")
    .action(({ tenant: tenantId, id }: { tenant: string; id: string }) =>
      withApi(async (api) => {
        const timeZone = await zoneOf(api, tenantId);
        const cancelled = await api.cancelAppointment({ tenantId, id });
        print(`${wordOf(cancelled, "cancelled")}  ${describe(cancelled.appointment, timeZone).join("  ")}`);
      }),
    );
}

const wordOf = ({ status }: ChangedAppointment, done: string) =>
  status === "confirmed" ? done : "still under way; the owner hears of it if it fails";

function columnsOf(listed: ListedAppointment, timeZone: string): string[] {
  const { id, status, drift } = listed;
  return [id, ...describe(listed, timeZone), drift ? `${status}, the calendar shows it ${drift}` : status];
}

function describe(
  { start, offering, calendarName, customerName, customerPhone }: ChangedAppointment["appointment"],
  timeZone: string,
): string[] {
  const when = DateTime.fromJSDate(start, { zone: timeZone }).setLocale("en-GB").toFormat("ccc d LLL yyyy HH:mm");
  const what = [offering, calendarName && `with ${calendarName}`].filter(Boolean).join(" ");
  return [`${when} (${timeZone})`, printable(what), printable(`${customerName} ${customerPhone}`.trim())];
}
