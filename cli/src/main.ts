import { AdminApiError } from "@bookproof/launcher/client";
import { ConfigError } from "@bookproof/service";
import { TenantFileError } from "@bookproof/tenant-file";
import { createProgram } from "./program.ts";
import { UsageError } from "./usage-error.ts";

process.stdout.on("error", () => process.exit(0));
try {
  await createProgram(process.env, (line) => process.stdout.write(`${line}\n`)).parseAsync();
} catch (error) {
  const expected = [AdminApiError, ConfigError, TenantFileError, UsageError].some((kind) => error instanceof kind);
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${expected ? message : `This should not happen: ${message}`}\n`);
  process.exitCode = 1;
}
