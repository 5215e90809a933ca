import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { readSandboxSecrets, readWorldFile } from "@bookproof/launcher/client";
import { parseEnv } from "@bookproof/service";
import { z } from "zod";
import type { VapiAccount } from "./push-assistant.ts";

const url = z.url({ protocol: /^https?$/, error: "must be an http:// or https:// URL" });

const cliEnv = z.object({
  PUBLIC_URL: url.optional(),
  GATEWAY_PORT: z
    .string()
    .regex(/^\d{1,5}$/, "must be a port")
    .optional(),
  BOOTSTRAP_ADMIN_TOKEN: z.string().optional(),
  BOOKPROOF_DATA_DIR: z.string().default(".bookproof"),
  INIT_CWD: z.string().optional(),
  VAPI_API_KEY: z.string().optional(),
  VAPI_BASE_URL: url.optional(),
});

export type CliConfig = {
  /** Of the environment, else of the system that runs on the data directory; undefined when there is none. */
  gatewayUrl: string | undefined;
  adminToken: string | undefined;
  /** Of the operator's account at Vapi; undefined without VAPI_API_KEY. */
  vapi: VapiAccount | undefined;
  /** The value of a variable that a tenant file names: the environment's, else what a sandbox made up. */
  secret(name: string): string | undefined;
  /** A path as it was typed: npm runs us in the repository's root, wherever it was typed. */
  typedPath(path: string): string;
};

/** @throws ConfigError naming the wrong variable in one line */
export function readConfig(variables: NodeJS.ProcessEnv): CliConfig {
  const env = parseEnv(cliEnv, variables);
  const dataDir = resolve(env.BOOKPROOF_DATA_DIR);
  const fromEnv =
    env.PUBLIC_URL ?? (env.GATEWAY_PORT === undefined ? undefined : `http://localhost:${env.GATEWAY_PORT}`);
  return {
    gatewayUrl: (fromEnv ?? readWorldFile(dataDir)?.gatewayUrl)?.replace(/\/+$/, ""),
    adminToken: env.BOOTSTRAP_ADMIN_TOKEN ?? readToken(dataDir),
    vapi: env.VAPI_API_KEY === undefined ? undefined : { apiKey: env.VAPI_API_KEY, baseUrl: env.VAPI_BASE_URL },
    secret: (name) => variables[name] || readSandboxSecrets(dataDir)[name],
    typedPath: (path) => resolve(env.INIT_CWD ?? "", path),
  };
}

function readToken(dataDir: string): string | undefined {
  try {
    return readFileSync(join(dataDir, "admin-token"), "utf8").trim();
  } catch {
    return undefined;
  }
}
