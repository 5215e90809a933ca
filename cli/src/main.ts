import { AdminApiError } from "@bookproof/launcher/client";
import { ConfigError } from "@bookproof/service";
import { TenantFileError } from "@bookproof/tenant-file";
import { createProgram } from "./program.ts";
import { terminalOf } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";

process.stdout.on("error", () => process.exit(0));
try {
  const print = (line: string) => process.stdout.write(`${line}\n`);
  await createProgram(process.env, print, terminalOf(process.stdout, process.env)).parseAsync();
} catch (error) {
  const expected = [AdminApiError, ConfigError, TenantFileError, UsageError].some((kind) => error instanceof kind);
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${expected ? message : `This should not happen: ${message}`}\n`);
  process.exitCode = error instanceof UsageError ? error.exitCode : 1;
}
