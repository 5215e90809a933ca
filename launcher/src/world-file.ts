import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { writeSecretFile } from "./data-dir.ts";

const worldFileSchema = z.object({
  gatewayUrl: z.string(),
  publicUrl: z.string(),
  /** Of the launcher. */
  pid: z.int(),
  /** host:port of each service. */
  addresses: z.record(z.string(), z.string()),
  databaseUrl: z.string(),
  /** Absent where there is no Kafka; `pid` where it is not the launcher's, and between a death and the restart. */
  kafka: z.object({ brokers: z.string(), pid: z.int().optional() }).optional(),
  /** Absent where Twilio itself is used. */
  twilioBaseUrl: z.string().optional(),
  /** `pid` is absent between a death and the restart. */
  services: z.record(z.string(), z.object({ pid: z.int().optional(), addr: z.string() })),
});

/** What runs, as `world.json` in the data directory tells it to the operator's command, the demo and the tests. */
export type WorldFile = z.infer<typeof worldFileSchema>;

export function writeWorldFile(dataDir: string, world: WorldFile): void {
  writeSecretFile(join(dataDir, "world.json"), `${JSON.stringify(world, null, 2)}\n`);
}

export function removeWorldFile(dataDir: string): void {
  rmSync(join(dataDir, "world.json"), { force: true });
}

/** Undefined when no launcher runs on the data directory (one that was killed leaves its file behind). */
export function readWorldFile(dataDir: string): WorldFile | undefined {
  return readJson(join(dataDir, "world.json"), worldFileSchema);
}

function readJson<T>(path: string, schema: z.ZodType<T>): T | undefined {
  try {
    return schema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return undefined;
  }
}
