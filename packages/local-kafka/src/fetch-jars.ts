import { createHash } from "node:crypto";
import { access, mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { makeSibling } from "@bookproof/local-postgres";
import { oneAtATime } from "./one-at-a-time.ts";
import { runProgram } from "./run-program.ts";

const packageFolder = fileURLToPath(new URL("..", import.meta.url));
const COPY_DEPENDENCIES = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies";

/**
 * Fetches Kafka's jars (43 MB) into `jarsDir` unless they are there: by Maven, which takes mirrors, proxies and credentials from
 * the user's own settings.xml. They are compared with the pinned sums, and appear whole or not at all.
 * Throws one sentence when Maven is missing or fails, or when a jar is not the pinned one.
 */
export async function fetchJarsIfAbsent(
  jarsDir: string,
  options: { maven: string; log: (line: string) => void; signal: AbortSignal | undefined },
): Promise<void> {
  if (await isThere(jarsDir)) return;
  await mkdir(dirname(jarsDir), { recursive: true });
  // Two Mavens at once may spoil each other's repository.
  await oneAtATime(`${jarsDir}.lock`, options.signal, async () => {
    if (await isThere(jarsDir)) return;
    options.log(`fetching Kafka's jars (43 MB, once) to ${jarsDir}`);
    await fetchJars(jarsDir, options);
  });
}

async function fetchJars(
  jarsDir: string,
  { maven, signal }: { maven: string; signal: AbortSignal | undefined },
): Promise<void> {
  const half = await makeSibling(jarsDir);
  try {
    const output = [`-DoutputDirectory=${half}`, "-DincludeScope=runtime"];
    const command = [maven, "-q", "-B", "-C", "-f", join(packageFolder, "pom.xml"), COPY_DEPENDENCIES, ...output];
    const what = "Fetching Kafka's jars by Maven";
    await runProgram(command, { cwd: half, what, signal }).catch(explainMissing);
    await assertPinned(half);
    await rename(half, jarsDir);
  } finally {
    await rm(half, { recursive: true, force: true });
  }
}

function explainMissing(error: unknown): never {
  const isMissing = error instanceof Error && /mvn: (command )?not found/.test(error.message);
  if (!isMissing) throw error;
  throw new Error(
    "Kafka's jars are fetched by Maven, and there is no mvn: install it (on Debian: apt-get install maven).",
    { cause: error },
  );
}

async function assertPinned(folder: string): Promise<void> {
  const pinned = new Map<string, string>();
  for (const line of (await readFile(join(packageFolder, "jars.sha256"), "utf8")).trim().split("\n")) {
    const [sum = "", name = ""] = line.split(/\s+/);
    pinned.set(name, sum);
  }
  const found = await readdir(folder);
  const missing = [...pinned.keys()].find((name) => !found.includes(name));
  if (missing) throw new Error(`Maven did not bring ${missing}, which Kafka needs.`);
  for (const name of found) {
    const sum = createHash("sha256")
      .update(await readFile(join(folder, name)))
      .digest("hex");
    if (sum !== pinned.get(name))
      throw new Error(`${name}, as Maven brought it, is not the pinned one, so it is not used.`);
  }
}

async function isThere(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}
