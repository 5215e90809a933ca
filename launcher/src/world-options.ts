import { envValue, parseEnv } from "@bookproof/service";
import type { TenantFile } from "@bookproof/tenant-file";
import { z } from "zod";
import type { ServiceName } from "./service-names.ts";

export type WorldOptions = {
  /** Holds the database, the secrets that were generated and the phones' ledger; made when absent. */
  dataDir: string;
  /** Of 127.0.0.1; 0, the default, takes a free one. */
  gatewayPort?: number;
  /**
   * The environment of the services and of the tenants' secrets. DATABASE_URL, SECRETS_KEY, BOOTSTRAP_ADMIN_TOKEN,
   * PUBLIC_URL, SANDBOX, TWILIO_BASE_URL, SMTP_URL, KAFKA_BROKERS and JAVA_HOME are read from it as well; this process's own is not.
   */
  env?: NodeJS.ProcessEnv;
  /** Empties the data directory first. */
  fresh?: boolean;
  /** Events go through a Kafka: the one that KAFKA_BROKERS names, else one that is started here (it needs Java 17). */
  kafka?: boolean;
  /** Takes each line of a service, of the simulated phones, of Postgres and of the launcher itself. */
  onLine?: (source: string, line: string) => void;
  /**
   * Changes what one service is told, each start of it the same, e.g. to put something between it and the database. Gets
   * everything the service would have been given.
   */
  adjustEnv?: (service: ServiceName, env: NodeJS.ProcessEnv) => NodeJS.ProcessEnv;
  /** Gives up a start in progress. */
  signal?: AbortSignal;
} & ({ tenantsFile: string } | { tenants: TenantFile });

const url = z.url({ protocol: /^https?$/, error: "must be an http:// or https:// URL" });

const worldEnv = z.object({
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, "must be a postgres:// URL")
    .optional(),
  // What it may be the services say.
  SECRETS_KEY: envValue.secretsKeys.transform((keys) => keys.join(",")).optional(),
  BOOTSTRAP_ADMIN_TOKEN: z
    .string()
    .regex(/^[\w.~-]{16,200}$/, "must be 16 to 200 letters, digits or ._~-")
    .optional(),
  PUBLIC_URL: url.transform((text) => text.replace(/\/+$/, "")).optional(),
  TWILIO_BASE_URL: url.transform((text) => text.replace(/\/+$/, "")).optional(),
  // The notifier, which alone uses it, says what is wrong with it.
  SMTP_URL: z.string().optional(),
  KAFKA_BROKERS: envValue.addressList,
  JAVA_HOME: z.string().optional(),
  SANDBOX: z
    .enum(["true", "false"], { error: "must be true or false" })
    .transform((value) => value === "true")
    .optional(),
});

export type WorldSettings = z.output<typeof worldEnv>;

/** @throws ConfigError naming the first wrong variable, in one line */
export function readSettings(env: NodeJS.ProcessEnv): WorldSettings {
  return parseEnv(worldEnv, env);
}
