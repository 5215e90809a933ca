import { resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { awaitFreeDataDir } from "./await-free-data-dir.ts";
import { findBinaries, makeBinariesReachable } from "./binaries.ts";
import { createClusterIfAbsent } from "./create-cluster.ts";
import { findSetpriv } from "./die-with-parent.ts";
import { ensureDatabase, urlOf } from "./ensure-database.ts";
import { findFreePorts } from "./free-port.ts";
import { type RunningServer, runServer, ServerDidNotStart } from "./run-server.ts";
import { adoptCluster, chooseServerAccount } from "./server-account.ts";
import type { Launch } from "./spawn-in-cluster.ts";

/** How long to go on trying while the remains of a killed server let go of the cluster. */
const REMAINS_GONE_MS = 10_000;

export type LocalPostgresOptions = {
  /** Where the cluster is, or is to be made. Kept when the server stops. */
  dataDir: string;
  /** Absent or 0: a free one. */
  port?: number;
  /** `false` for throw-away clusters of tests: fast, and lost in a power cut (a killed server loses nothing). */
  fsync?: boolean;
  /** 200 unless given. */
  maxConnections?: number;
  /** Created when absent; "bookproof" unless named. */
  database?: string;
  /** Takes each line of the server's log. */
  log?: (line: string) => void;
  /** Gives up a start in progress, and stops a running server. */
  signal?: AbortSignal;
};

export type LocalPostgres = RunningServer & {
  /** `postgres://` of the database, as the superuser, without a password. */
  url: string;
  port: number;
};

/**
 * Starts a Postgres 18 server on 127.0.0.1 that shuts down when this process ends, also when it is killed.
 * The first start makes the cluster (0.8 s), later ones take about 0.1 s.
 *
 * Anyone on this machine who can reach the port is its superuser, as an unprivileged user when started by root.
 * Throws one sentence when the platform has no binaries, another server uses `dataDir`, or the port is taken.
 */
export async function startLocalPostgres(options: LocalPostgresOptions): Promise<LocalPostgres> {
  const { database = "bookproof", log = () => {}, signal } = options;
  const dataDir = resolve(options.dataDir);
  const durable = options.fsync !== false;
  const account = await chooseServerAccount(dataDir);
  const installed = await findBinaries();
  const binaries = account ? await makeBinariesReachable(installed, account) : installed;
  const launch: Launch = { account, binaries, setpriv: findSetpriv() };
  await createClusterIfAbsent(launch, { dataDir, durable, signal });
  if (account) await adoptCluster(dataDir, account);

  const { server, port } = await runOnAPort(launch, {
    dataDir,
    durable,
    maxConnections: options.maxConnections ?? 200,
    log,
    signal,
    wantedPort: options.port ?? 0,
  });
  try {
    await ensureDatabase(port, database);
    signal?.throwIfAborted();
  } catch (error) {
    await server.stop();
    throw error;
  }
  const stopOnAbort = () => void server.stop();
  signal?.addEventListener("abort", stopOnAbort, { once: true });
  void server.exited.then(() => signal?.removeEventListener("abort", stopOnAbort));
  return { ...server, port, url: urlOf(port, database) };
}

async function runOnAPort(
  launch: Launch,
  options: {
    dataDir: string;
    durable: boolean;
    maxConnections: number;
    log: (line: string) => void;
    signal: AbortSignal | undefined;
    wantedPort: number;
  },
): Promise<{ server: RunningServer; port: number }> {
  const { dataDir, log, signal, wantedPort } = options;
  const began = Date.now();
  for (;;) {
    await awaitFreeDataDir(dataDir, signal);
    const [free = 0] = wantedPort ? [] : await findFreePorts(1);
    const port = wantedPort || free;
    try {
      return { port, server: await runServer(launch, { dataDir, settings: settingsFor(port, options), log, signal }) };
    } catch (error) {
      if (!(error instanceof ServerDidNotStart)) throw error;
      const said = (words: string) => error.lines.some((line) => line.includes(words));
      const portTaken = said("could not create any TCP/IP sockets");
      if (portTaken && wantedPort) throw new Error(`Port ${port} of 127.0.0.1 is taken.`, { cause: error });
      // Sessions of a server that was itself killed hold its memory for a moment; a racing start holds the lock file.
      const heldByAnother = said("shared memory block") || said('lock file "postmaster.pid" already exists');
      if (!(portTaken || heldByAnother) || Date.now() - began > REMAINS_GONE_MS) throw error;
      await delay(50);
    }
  }
}

/** Given on the command line, so that a cluster made by an earlier version runs with them too. */
function settingsFor(
  port: number,
  { durable, maxConnections }: { durable: boolean; maxConnections: number },
): Record<string, string | number> {
  return {
    listen_addresses: "127.0.0.1",
    port,
    // A socket's path must be short and its folder writable for the server's user; nobody needs one.
    unix_socket_directories: "",
    max_connections: maxConnections,
    timezone: "UTC",
    log_timezone: "UTC",
    ...(durable ? {} : { fsync: "off", synchronous_commit: "off", full_page_writes: "off" }),
  };
}
