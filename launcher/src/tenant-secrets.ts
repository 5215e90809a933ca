import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { hasTwilioToken, type ResolvedTenant, resolveSecrets, type TenantFile } from "@bookproof/tenant-file";
import { z } from "zod";
import { writeSecretFile } from "./data-dir.ts";
import type { WorldSettings } from "./world-options.ts";

const keptSchema = z.record(z.string(), z.string());

/** The secrets that a sandbox made up, by the name of their variable; empty where there was none. */
export function readSandboxSecrets(dataDir: string): Record<string, string> {
  let text: string;
  try {
    text = readFileSync(sandboxSecretsFile(dataDir), "utf8");
  } catch {
    return {};
  }
  return keptSchema.parse(JSON.parse(text));
}

export type TenantSecrets = {
  tenants: ResolvedTenant[];
  sandbox: boolean;
  /** Made up for this sandbox, now or at an earlier start, by the name of their variable. */
  generated: Record<string, string>;
};

/**
 * The tenants with their secrets. Where no Twilio is configured in any way it is a sandbox, unless said otherwise; a
 * sandbox makes up the secrets that are not set, and keeps them for its next start.
 * @throws TenantFileError where a secret is not set and it is no sandbox
 */
export function resolveTenantSecrets(
  file: TenantFile,
  dataDir: string,
  env: NodeJS.ProcessEnv,
  settings: Pick<WorldSettings, "SANDBOX" | "TWILIO_BASE_URL">,
): TenantSecrets {
  const lookup = (name: string) => env[name];
  const sandbox = settings.SANDBOX ?? (settings.TWILIO_BASE_URL === undefined && !hasTwilioToken(file, lookup));
  if (!sandbox) return { tenants: resolveSecrets(file, lookup), sandbox, generated: {} };
  const kept = readSandboxSecrets(dataDir);
  const generated: Record<string, string> = {};
  const tenants = resolveSecrets(file, lookup, {
    generate: (name) => {
      const secret = kept[name] ?? generated[name] ?? randomBytes(16).toString("hex");
      generated[name] = secret;
      return secret;
    },
  });
  // Those of tenants that are not in this file are kept too: the next start may name them again.
  writeSecretFile(sandboxSecretsFile(dataDir), `${JSON.stringify({ ...kept, ...generated }, null, 2)}\n`);
  return { tenants, sandbox, generated };
}

function sandboxSecretsFile(dataDir: string): string {
  return join(dataDir, "sandbox-secrets.json");
}
