import { once } from "node:events";
import { access, chown, mkdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { makeSibling } from "./half-made-sibling.ts";
import { type Launch, spawnInCluster } from "./spawn-in-cluster.ts";

/** The superuser of every local cluster; trusted without a password, on 127.0.0.1 only. */
export const SUPERUSER = "bookproof";

/**
 * Makes a cluster at `dataDir` unless there is one. It is built beside the target and renamed, so that a kill half-way
 * leaves only a sibling that the next call removes.
 *
 * `durable: false` skips the flush to disk (0.1 s of 0.8 s): without it a power cut could tear the fresh files.
 * Throws one sentence when the folder holds something else, or with initdb's own words.
 */
export async function createClusterIfAbsent(
  launch: Launch,
  { dataDir, durable, signal }: { dataDir: string; durable: boolean; signal: AbortSignal | undefined },
): Promise<void> {
  if (await isCluster(dataDir)) return;
  await mkdir(dirname(dataDir), { recursive: true });
  const sibling = await makeSibling(dataDir);
  try {
    if (launch.account) await chown(sibling, launch.account.uid, launch.account.gid);
    await runInitdb(launch, { dataDir: sibling, durable, signal });
    await rename(sibling, dataDir).catch(async (cause: NodeJS.ErrnoException) => {
      // Another process made one in the meantime: both are empty, and its server settles who runs.
      if (await isCluster(dataDir)) return;
      throw new Error(`${dataDir} is not a Postgres data directory, and a new one cannot take its place.`, { cause });
    });
  } finally {
    await rm(sibling, { recursive: true, force: true });
  }
}

async function isCluster(dataDir: string): Promise<boolean> {
  return await access(join(dataDir, "PG_VERSION")).then(
    () => true,
    () => false,
  );
}

async function runInitdb(
  launch: Launch,
  { dataDir, durable, signal }: { dataDir: string; durable: boolean; signal: AbortSignal | undefined },
): Promise<void> {
  const args = ["-U", SUPERUSER, "--auth=trust", "--encoding=UTF8", "--locale=C", ...(durable ? [] : ["--no-sync"])];
  const initdb = await spawnInCluster(launch, "initdb", { dataDir, args, deathSignal: "KILL" });
  const kill = () => initdb.child.kill("SIGKILL");
  signal?.addEventListener("abort", kill, { once: true });
  if (signal?.aborted) kill();
  initdb.stdout.resume();
  const [complaint, [code]] = await Promise.all([text(initdb.stderr), once(initdb.child, "exit")]);
  signal?.removeEventListener("abort", kill);
  signal?.throwIfAborted();
  if (code !== 0) throw new Error(`initdb could not make a cluster at ${dataDir}: ${complaint.trim()}`);
}
