import { type AdminApi, AdminApiError, createAdminApi, type Role } from "@bookproof/launcher/client";
import { readTenantFile, resolveSecrets } from "@bookproof/tenant-file";
import { Command, Option } from "commander";
import { addAppointmentCommands } from "./appointment-commands.ts";
import { addBuiltinCalendarCommands } from "./builtin-calendar-commands.ts";
import { addCalendarAudit } from "./calendar-audit-command.ts";
import { addCalendar } from "./calendar-command.ts";
import { type CliConfig, readConfig } from "./config.ts";
import { addDoctor } from "./doctor-command.ts";
import { flowLines } from "./flow-lines.ts";
import { migrateDatabase } from "./migrate-database.ts";
import { pushAssistant } from "./push-assistant.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";

const HOW_TO_START = "start the system with `npm start`, or name a running one by PUBLIC_URL and BOOTSTRAP_ADMIN_TOKEN";

/** How many steps the gateway shows unless it is told, and at most. */
const usualLimit = 200;
const mostSteps = 1_000;

/**
 * The operator's command, `npm run bookproof -- …`.
 * @param env the environment it reads its settings and the tenants' secrets from
 * @param print takes each line of the answer
 * @param terminal where those lines are read
 */
export function createProgram(
  env: NodeJS.ProcessEnv,
  print: (line: string) => void,
  terminal: Terminal = { width: undefined, colours: false },
): Command {
  const program = new Command("bookproof")
    .description("The operator's command of a running Bookproof.")
    .helpCommand(false)
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, "")) })
    .showHelpAfterError(false);
  const withApi = async (run: (api: AdminApi, config: CliConfig) => Promise<void>) => {
    const config = readConfig(env);
    const { gatewayUrl, adminToken } = config;
    if (gatewayUrl === undefined) throw new UsageError(`Nothing runs here: ${HOW_TO_START}.`);
    if (adminToken === undefined) throw new UsageError(`No admin token is known: set BOOTSTRAP_ADMIN_TOKEN.`);
    await run(createAdminApi(gatewayUrl, adminToken), config).catch((error: unknown) => {
      const unreachable = error instanceof AdminApiError && error.status === undefined;
      throw unreachable ? new UsageError(`${error.message.replace(/\.$/, "")}: ${HOW_TO_START}.`) : error;
    });
  };

  const tenant = program.command("tenant").description("the businesses that bookings are taken for").helpCommand(false);
  tenant
    .command("apply")
    .description("create or update the tenants of a file; safe to repeat")
    .argument("<file>", "tenant file (YAML)")
    .action(async (path: string) => {
      const config = readConfig(env);
      const tenants = resolveSecrets(await readTenantFile(config.typedPath(path)), config.secret);
      await withApi(async (api) => {
        for (const resolved of tenants) {
          const { created } = await api.applyTenant(resolved);
          print(`${created ? "created" : "updated"}  ${resolved.id}  ${resolved.name}`);
        }
      });
    });
  tenant
    .command("list")
    .description("every tenant: id, numbers, time zone, name")
    .action(() =>
      withApi(async (api) => {
        for (const it of await api.listTenants())
          print([it.id, it.phoneNumbers.join(","), it.timeZone, it.name].join("  "));
      }),
    );

  program
    .command("migrate")
    .description(
      "bring the database of DATABASE_URL to the newest schema; safe to repeat, and to run at once from several places",
    )
    .action(async () => {
      const applied = await migrateDatabase(env);
      for (const name of applied) print(`applied  ${name}`);
      if (applied.length === 0) print("up to date");
    });

  addDoctor(program, { print, terminal, withApi });
  const calendar = addCalendar(program, { print, terminal, withApi });
  addCalendarAudit(calendar, { print, withApi });
  addBuiltinCalendarCommands(calendar, { print, withApi });
  addAppointmentCommands(program, { print, withApi });

  program
    .command("token")
    .description("tokens of the admin API")
    .helpCommand(false)
    .command("create")
    .description("make a token; it is shown once, alone on the last line")
    .option("--tenant <id>", "the tenant it is for")
    .addOption(
      new Option("--role <role>", "what it may do").choices(["tenant_admin", "platform_owner"]).makeOptionMandatory(),
    )
    .action(async ({ role, tenant: tenantId }: { tenant?: string; role: Role }) => {
      if (role === "tenant_admin" && tenantId === undefined)
        throw new UsageError("A tenant_admin's token needs --tenant.");
      // A platform owner's token is for every tenant, whichever is named.
      const of = role === "tenant_admin" && tenantId !== undefined ? { tenantId } : {};
      await withApi(async (api) => print(await api.createToken({ role, ...of })));
    });

  program
    .command("flow")
    .description(
      "the timeline of a journey, or of a customer's journeys: what happened, oldest first, and where it failed",
    )
    .addOption(new Option("--cid <cid>", "correlation id of a journey").conflicts("phone"))
    .option("--phone <number>", "a customer's phone number, E.164")
    .option("--tenant <id>", "the tenant to look at")
    .option("--limit <count>", "at most this many steps, the newest: 1 to 1000, by default 200")
    .action(async (options: { cid?: string; phone?: string; tenant?: string; limit?: string }) => {
      const { tenant: tenantId, ...query } = options;
      if (query.cid === undefined && query.phone === undefined) throw new UsageError("Say which: --cid or --phone.");
      await withApi(async (api) => {
        const flow = await api.readFlow({ ...query, ...(tenantId && { tenantId }) });
        for (const line of flowLines(flow, terminal)) print(line);
        const shown = Number(query.limit ?? usualLimit);
        if (flow.traces.length >= shown && shown < mostSteps)
          print(`Only the newest steps are shown: --limit, up to ${mostSteps}, shows those before.`);
      });
    });

  program
    .command("resolve")
    .description("end a journey that waits for a human, and give the conversation back to the bot")
    .requiredOption("--cid <cid>", "correlation id of the journey")
    .action(({ cid }: { cid: string }) =>
      withApi(async (api) => {
        print((await api.resolveConversation(cid)) ? "resolved" : "nothing of this journey was waiting for a human");
      }),
    );

  program
    .command("vapi")
    .description("the voice assistants at Vapi")
    .helpCommand(false)
    .command("assistant")
    .description("print a tenant's assistant as Vapi's API takes it")
    .requiredOption("--tenant <id>", "the tenant whose calls it answers")
    .option("--push", "create it at Vapi, or update the one of its name; needs VAPI_API_KEY")
    .action(({ tenant: tenantId, push }: { tenant: string; push?: true }) =>
      withApi(async (api, { vapi }) => {
        if (push && vapi === undefined) throw new UsageError("No key of Vapi is known: set VAPI_API_KEY.");
        const assistant = await api.describeAssistant(tenantId);
        if (!push || vapi === undefined) return print(JSON.stringify(assistant, null, 2));
        const { id, created } = await pushAssistant(vapi, assistant);
        print(`${created ? "created" : "updated"}  ${id}  ${assistant.name}`);
      }),
    );
  return program;
}
