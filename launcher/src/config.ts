import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { ConfigError, parseEnv } from "@bookproof/service";
import { z } from "zod";
import { repositoryRoot } from "./repository.ts";
import type { WorldOptions } from "./world-options.ts";

const launcherEnv = z.object({
  BOOKPROOF_DATA_DIR: z.string().default(".bookproof"),
  BOOKPROOF_TENANTS: z.string().default(resolve(repositoryRoot, "tenants.example.yaml")),
  GATEWAY_PORT: z
    .string()
    .regex(/^\d{1,5}$/, "must be a port, 0 to 65535")
    .transform(Number)
    .refine((port) => port <= 65_535, "must be a port, 0 to 65535")
    .default(8080),
  NO_COLOR: z.string().optional(),
  npm_lifecycle_event: z.string().optional(),
});

export type LauncherConfig = {
  world: WorldOptions & { gatewayPort: number };
  colours: boolean;
  /** Whether npm started this process, whose death then ends it. */
  underNpm: boolean;
};

/**
 * What `npm start` was told, by environment and arguments (`--fresh`, `--kafka`).
 * @throws ConfigError naming what is wrong in one line
 */
export function readConfig(variables: NodeJS.ProcessEnv, args: string[], isTerminal: boolean): LauncherConfig {
  const env = parseEnv(launcherEnv, variables);
  return {
    world: {
      dataDir: resolve(env.BOOKPROOF_DATA_DIR),
      tenantsFile: resolve(env.BOOKPROOF_TENANTS),
      gatewayPort: env.GATEWAY_PORT,
      ...readArguments(args),
      env: Object.fromEntries(Object.entries(variables).filter(([name]) => !/^(npm_|INIT_CWD$)/.test(name))),
    },
    colours: isTerminal && env.NO_COLOR === undefined,
    underNpm: env.npm_lifecycle_event === "start",
  };
}

function readArguments(args: string[]): { fresh: boolean; kafka: boolean } {
  const flag = { type: "boolean", default: false } as const;
  try {
    const { fresh, kafka } = parseArgs({ args, options: { fresh: flag, kafka: flag } }).values;
    return { fresh, kafka };
  } catch {
    throw new ConfigError(
      `npm start takes no argument but \`-- --fresh\` and \`-- --kafka\`, and was given ${args.join(" ")}`,
    );
  }
}
