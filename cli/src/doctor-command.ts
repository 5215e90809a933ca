import { type AdminApi, AdminApiError, type Examination } from "@bookproof/launcher/client";
import { ConfigError } from "@bookproof/service";
import { type Command, InvalidArgumentError } from "commander";
import { awaitAcknowledgement } from "./await-acknowledgement.ts";
import { countChecks, doctorLines } from "./doctor-lines.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";

/** What the doctor could not look at is no failure of the tenant's: exit code 1 says that something failed. */
const usage = 2;
const longestWait = 600;

interface Options {
  tenant: string;
  wait: number;
  json?: true;
}

/** Where the doctor's words go. */
export interface Surroundings {
  print: (line: string) => void;
  terminal: Terminal;
  withApi: (run: (api: AdminApi) => Promise<void>) => Promise<void>;
}

/** `doctor`: checks a tenant before its first customer does. Ends the process with 1 when something failed, 2 when it could not look. */
export function addDoctor(program: Command, { print, terminal, withApi }: Surroundings): void {
  program
    .command("doctor")
    .description("check a tenant before its first customer does; texts its owner a test, to be answered")
    .requiredOption("--tenant <id>", "the tenant to check")
    .option("--wait <seconds>", "how long to wait for the owner's reply: 0 to 600", readWait, 120)
    .option("--json", "print what was found as JSON")
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : usage))
    .action(async (options: Options) => {
      try {
        await withApi((api) => examine(api, options, { print, terminal }));
      } catch (error) {
        const isExpected = [UsageError, AdminApiError, ConfigError].some((kind) => error instanceof kind);
        if (!(isExpected && error instanceof Error)) throw error;
        throw new UsageError(error.message, { exitCode: usage, cause: error });
      }
    });
}

function readWait(text: string): number {
  if (/^\d{1,3}$/.test(text) && Number(text) <= longestWait) return Number(text);
  throw new InvalidArgumentError(`It must be a whole number of seconds, from 0 to ${longestWait}.`);
}

async function examine(
  api: AdminApi,
  { tenant: tenantId, wait, json }: Options,
  { print, terminal }: Pick<Surroundings, "print" | "terminal">,
): Promise<void> {
  const examination = await api.examineTenant(tenantId);
  const parts = [...examination.parts, ...(await ownerPart(api, examination, wait * 1_000))];
  const summary = countChecks(parts);
  if (json) print(JSON.stringify({ tenant: examination.tenant, parts, summary }, null, 2));
  else for (const line of doctorLines({ tenant: examination.tenant, parts }, terminal)) print(line);
  if (summary.failed > 0) process.exitCode = 1;
}

async function ownerPart(api: AdminApi, { tenant, testAlertId }: Examination, waitMs: number) {
  if (testAlertId === null) return [];
  const progress = progressLine();
  const wait = { tenantId: tenant.id, testAlertId, waitMs, progress: progress.show };
  try {
    return [await awaitAcknowledgement(api, wait)];
  } catch (error) {
    // What was found before is not lost with it.
    if (!(error instanceof AdminApiError)) throw error;
    const whatToDo = "Look at the gateway, the agent and the notifier, and run this again.";
    const detail = `What became of it cannot be asked: ${error.message}`;
    return [{ part: "owner", checks: [{ name: "test alert", status: "failed" as const, detail, whatToDo }] }];
  } finally {
    progress.clear();
  }
}

/** On standard error, so that what was found can be piped: one line that counts down, or, where nobody looks, one line. */
function progressLine() {
  const { stderr } = process;
  let shown = false;
  const words = (seconds: number) => `The owner has a test alert. Waiting for the reply, ${seconds} s more`;
  return {
    show(seconds: number) {
      if (stderr.isTTY) stderr.write(`\r\u001b[K${words(seconds)} …`);
      else if (!shown) stderr.write(`${words(seconds)} at most.\n`);
      shown = true;
    },
    clear() {
      if (shown && stderr.isTTY) stderr.write("\r\u001b[K");
    },
  };
}
