import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import type { Binaries } from "./binaries.ts";
import { dieWhenStdinEnds, dieWithParent } from "./die-with-parent.ts";
import type { ServerAccount } from "./server-account.ts";

/** What every program of this server is run with. */
export type Launch = {
  binaries: Binaries;
  /** Absent for a plain user. */
  account: ServerAccount | undefined;
  /** Absent where the kernel cannot tell a child of its parent's death. */
  setpriv: string | undefined;
};

export type ClusterProcess = { pid: number; child: ChildProcess; stdout: Readable; stderr: Readable };

/**
 * Runs `initdb` or `postgres` on a data directory, tied to the life of this process.
 *
 * For another user the directory is opened here and handed down as descriptor 3: `/proc/self/fd/3` leads straight to
 * it, so the path to it may pass through folders closed to that user. It gets a session of its own, because Ctrl-C in
 * a terminal signals the whole foreground group, and the database must outlive the services that still drain.
 */
export async function spawnInCluster(
  launch: Launch,
  program: "initdb" | "postgres",
  { dataDir, args, deathSignal }: { dataDir: string; args: readonly string[]; deathSignal: "INT" | "KILL" },
): Promise<ClusterProcess> {
  const { account, binaries, setpriv } = launch;
  const handle: FileHandle | undefined = account && (await open(dataDir, "r"));
  try {
    const directory = handle === undefined ? dataDir : "/proc/self/fd/3";
    const command = [join(binaries.dir, "bin", program), "-D", directory, ...args];
    const [file = "", ...rest] =
      setpriv === undefined ? dieWhenStdinEnds(deathSignal, command) : dieWithParent(setpriv, deathSignal, command);
    const child = spawn(file, rest, {
      ...account,
      cwd: "/",
      // Nothing of ours belongs in the server: PGDATA, PGPORT or a locale of the user's would change what it does.
      env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", LC_ALL: "C", TZ: "UTC" },
      detached: true,
      stdio: ["pipe", "pipe", "pipe", ...(handle === undefined ? [] : [handle.fd])],
    });
    await once(child, "spawn");
    const { pid, stdout, stderr } = child;
    if (pid === undefined || stdout === null || stderr === null)
      throw new Error(`${program} was started without pipes.`);
    return { pid, child, stdout, stderr };
  } finally {
    await handle?.close();
  }
}
