import { createPool, createSecretBox, type SecretBox } from "@bookproof/postgres";
import { createLogger, type Logger } from "@bookproof/service";
import type pg from "pg";
import { createProviders, type OpenProvider } from "./adapters/providers.ts";
import type { Config } from "./config.ts";

export interface Deps {
  config: Config;
  logger: Logger;
  pool: pg.Pool;
  secrets: SecretBox;
  /** Milliseconds since the epoch. */
  now: () => number;
  openProvider: OpenProvider;
  close(): Promise<void>;
}

export function createDeps(config: Config, overrides: Partial<Pick<Deps, "logger" | "now">> = {}): Deps {
  const { logger = createLogger("calendar", config.logLevel), now = Date.now } = overrides;
  const pool = createPool({ url: config.databaseUrl, role: "bookproof_calendar", logger, max: 20 });
  const secrets = createSecretBox(config.secretsKeys);
  return {
    config,
    logger,
    pool,
    secrets,
    now,
    openProvider: createProviders({ settings: config.google, pool, secrets, logger, now }),
    close: () => pool.end(),
  };
}
