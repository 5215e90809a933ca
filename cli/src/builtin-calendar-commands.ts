import type { AdminApi } from "@bookproof/launcher/client";
import type { Command } from "commander";
import { DateTime } from "luxon";
import { zoneOf } from "./tenant-zone.ts";
import { readTypedTime } from "./typed-time.ts";
import { UsageError } from "./usage-error.ts";
import { printable } from "./wrap-text.ts";

interface Surroundings {
  print: (line: string) => void;
  withApi: (run: (api: AdminApi) => Promise<void>) => Promise<void>;
}

/** `calendar feed`, `calendar block`, `calendar blocks` and `calendar unblock`: built-in calendars. */
export function addBuiltinCalendarCommands(calendar: Command, surroundings: Surroundings): void {
  addFeed(calendar, surroundings);
  addBlock(calendar, surroundings);
  addBlocks(calendar, surroundings);
  addUnblock(calendar, surroundings);
}

function addFeed(calendar: Command, { print, withApi }: Surroundings): void {
  calendar
    .command("feed")
    .description("make the link by which other programs show a calendar; it is printed once, alone on its line")
    .requiredOption("--tenant <id>", "whose calendar")
    .requiredOption("--calendar <id>", "the calendar, as the tenant file names it")
    .option("--new", "end the link that it has, and make another")
    .option("--revoke", "end the link that it has")
    .action(async (options: { tenant: string; calendar: string; new?: true; revoke?: true }) => {
      const of = { tenantId: options.tenant, calendarId: options.calendar };
      if (options.new && options.revoke) throw new UsageError("Either --new or --revoke, not both.");
      await withApi(async (api) => {
        if (options.revoke) return print((await api.revokeCalendarFeed(of)) ? "revoked" : "this calendar had no link");
        print(await api.createCalendarFeed({ ...of, replace: options.new === true }));
      });
    });
}

function addBlock(calendar: Command, { print, withApi }: Surroundings): void {
  calendar
    .command("block")
    .description("block a time of a built-in calendar; what is booked there stays, and is named")
    .requiredOption("--tenant <id>", "whose calendar")
    .requiredOption("--calendar <id>", "the calendar, as the tenant file names it")
    .requiredOption("--from <time>", 'by the tenant\'s clocks, as "2026-12-24 13:00"; with an offset; or a whole day')
    .requiredOption("--to <time>", "the end; a day alone is blocked to its end")
    .option("--reason <text>", "why, for people")
    .action((options: { tenant: string; calendar: string; from: string; to: string; reason?: string }) =>
      withApi(async (api) => {
        const timeZone = await zoneOf(api, options.tenant);
        const from = readTypedTime(options.from, { option: "--from", timeZone, isEnd: false });
        const to = readTypedTime(options.to, { option: "--to", timeZone, isEnd: true });
        const { tenant: tenantId, calendar: calendarId, reason = "" } = options;
        const { appointments, ...block } = await api.blockTime({ tenantId, calendarId, from, to, reason });
        print(["blocked", ...columnsOf(block, timeZone)].join("  "));
        if (appointments.length > 0) print(standing(appointments.length));
        for (const { summary, ...span } of appointments)
          print(`  ${describeSpan(span, timeZone)}  ${printable(summary)}`);
      }),
    );
}

function addBlocks(calendar: Command, { print, withApi }: Surroundings): void {
  calendar
    .command("blocks")
    .description("every blocked time that is not over: id, calendar, time, reason")
    .requiredOption("--tenant <id>", "whose calendars")
    .option("--calendar <id>", "only this one")
    .action(({ tenant: tenantId, calendar: calendarId }: { tenant: string; calendar?: string }) =>
      withApi(async (api) => {
        const timeZone = await zoneOf(api, tenantId);
        const blocks = await api.listBlockedTimes({ tenantId, ...(calendarId === undefined ? {} : { calendarId }) });
        for (const block of blocks) print(columnsOf(block, timeZone).join("  "));
        if (blocks.length === 0) print("nothing is blocked");
      }),
    );
}

function addUnblock(calendar: Command, { print, withApi }: Surroundings): void {
  calendar
    .command("unblock")
    .description("open a blocked time again")
    .requiredOption("--tenant <id>", "whose calendar")
    .requiredOption("--id <id>", "as `calendar blocks` prints it")
    .action(({ tenant: tenantId, id }: { tenant: string; id: string }) =>
      withApi(async (api) => {
        await api.unblockTime({ tenantId, id });
        print("unblocked");
      }),
    );
}

interface Span {
  from: Date;
  to: Date;
}

function columnsOf(block: Span & { id: string; calendarId: string; reason: string }, timeZone: string): string[] {
  const { id, calendarId, reason } = block;
  return [id, calendarId, describeSpan(block, timeZone), ...(reason ? [printable(reason)] : [])];
}

/** `Thu 24 Dec 2026 13:00 – 15:00 (America/New_York)`, with both days where there are two. */
function describeSpan({ from, to }: Span, timeZone: string): string {
  const [start, end] = [from, to].map((date) => DateTime.fromJSDate(date, { zone: timeZone }).setLocale("en-GB"));
  const full = "ccc d LLL yyyy HH:mm";
  const sameDay = start?.hasSame(end ?? start, "day");
  return `${start?.toFormat(full)} – ${end?.toFormat(sameDay ? "HH:mm" : full)} (${timeZone})`;
}

const standing = (count: number) =>
  count === 1 ? "1 appointment is in this time and stays:" : `${count} appointments are in this time and stay:`;
