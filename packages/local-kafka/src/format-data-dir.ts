import { access, cp, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { makeSibling } from "@bookproof/local-postgres";
import { javaCommand, type KafkaPrograms } from "./java-command.ts";
import { runProgram } from "./run-program.ts";
import { CLUSTER_ID, serverProperties } from "./server-properties.ts";

/** Where a data directory keeps the broker's log; its settings lie beside it. */
export const logDirOf = (dataDir: string): string => join(dataDir, "log");

/**
 * Formats `dataDir` unless it is: a copy of a template, which is made once and kept (formatting takes a second, copying none).
 * Throws one sentence when the folder holds something else.
 */
export async function formatIfAbsent(
  programs: KafkaPrograms,
  options: { dataDir: string; templateDir: string; signal: AbortSignal | undefined },
): Promise<void> {
  const { dataDir, templateDir, signal } = options;
  if (await isFormatted(dataDir)) return;
  if (!(await isFormatted(templateDir))) await makeWhole(templateDir, (half) => format(programs, half, signal));
  await makeWhole(dataDir, (half) => cp(templateDir, half, { recursive: true }));
}

function isFormatted(dataDir: string): Promise<boolean> {
  return access(join(logDirOf(dataDir), "meta.properties")).then(
    () => true,
    () => false,
  );
}

/** Makes a data directory beside its place, so that a kill half-way leaves the place empty. */
async function makeWhole(target: string, fill: (half: string) => Promise<void>): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  const half = await makeSibling(target);
  try {
    await fill(half);
    await rename(half, target).catch(async (cause: unknown) => {
      // Another process made one in the meantime: one is as empty as the other.
      if (await isFormatted(target)) return;
      throw new Error(`${target} is not a Kafka data directory, and a new one cannot take its place.`, { cause });
    });
  } finally {
    await rm(half, { recursive: true, force: true });
  }
}

async function format(programs: KafkaPrograms, dataDir: string, signal: AbortSignal | undefined): Promise<void> {
  const properties = join(dataDir, "server.properties");
  // The ports of the template are never used.
  const ports = { port: 9_092, controllerPort: 9_093 };
  await writeFile(properties, serverProperties({ logDir: logDirOf(dataDir), ...ports }));
  const args = ["format", "-t", CLUSTER_ID, "-c", properties];
  const command = javaCommand(programs, "kafka.tools.StorageTool", args);
  await runProgram(command, { cwd: dataDir, what: "Formatting Kafka's data directory", signal });
}
