import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readlinkSync } from "node:fs";
import { chmod, chown, mkdir, mkdtemp, readdir, readFile, realpath, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import pg from "pg";
import { type LocalPostgres, type LocalPostgresOptions, startLocalPostgres } from "./index.ts";

const isRoot = process.getuid?.() === 0;
const onLinux = process.platform === "linux";
const NOBODY = 65_534;

let folder = "";
let dataDir = "";
const running: LocalPostgres[] = [];
const children: ChildProcess[] = [];

beforeAll(async () => {
  // mkdtemp makes it 0700: as root, every test here starts from a folder closed to the server's user.
  folder = await realpath(await mkdtemp(join(tmpdir(), "local-postgres-")));
  dataDir = join(folder, "data");
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  for (const server of running.splice(0)) await server.stop();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function start(options: Partial<LocalPostgresOptions> = {}): Promise<LocalPostgres> {
  const server = await startLocalPostgres({ dataDir, fsync: false, ...options });
  running.push(server);
  return server;
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => {});
  await client.connect();
  try {
    return (await client.query({ text: sql, rowMode: "array" })).rows.flat();
  } finally {
    await client.end();
  }
}

/** Every Postgres process works in its data directory. */
function processesIn(directory: string): string[] {
  return readdirSync("/proc").filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readlinkSync(`/proc/${pid}/cwd`) === directory;
    } catch {
      return false;
    }
  });
}

async function until(condition: () => boolean, milliseconds: number): Promise<boolean> {
  for (const deadline = Date.now() + milliseconds; Date.now() < deadline; await delay(10)) if (condition()) return true;
  return condition();
}

/** Starts a server from a process of its own, which lives until it is killed, and reports the URL. */
async function startFromChild(directory: string, account: { uid?: number; gid?: number } = {}) {
  const entry = new URL("./index.ts", import.meta.url).href;
  const script = `import { startLocalPostgres } from ${JSON.stringify(entry)};
    const { url } = await startLocalPostgres({ dataDir: ${JSON.stringify(directory)}, fsync: false });
    console.log(url);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
    ...account,
    cwd: "/",
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  const [url] = await once(createInterface({ input: child.stdout }), "line");
  return { url: String(url), kill: () => child.kill("SIGKILL") };
}

describe("a local Postgres", () => {
  test("keeps its data over stop and start, and leaves no process behind", async () => {
    const first = await start();
    await query(first.url, "CREATE TABLE kept AS SELECT 42 AS answer");
    await first.stop();
    if (onLinux) expect(processesIn(dataDir)).toEqual([]);

    const second = await start();
    expect(await query(second.url, "SELECT answer FROM kept")).toEqual([42]);
  });

  test("listens on 127.0.0.1 alone, in UTC and UTF-8, with room for 200 sessions", async () => {
    const { url } = await start();
    const settings = "listen_addresses unix_socket_directories TimeZone server_encoding max_connections".split(" ");
    const values = await query(url, `SELECT ${settings.map((name) => `current_setting('${name}')`).join()}`);
    expect(values).toEqual(["127.0.0.1", "", "UTC", "UTF8", "200"]);
  });

  test("is durable unless told otherwise", async () => {
    const durable = await start({ fsync: true });
    expect(await query(durable.url, "SHOW fsync")).toEqual(["on"]);
    await durable.stop();
    expect(await query((await start()).url, "SHOW fsync")).toEqual(["off"]);
  });

  test("refuses overlapping ranges of one calendar by btree_gist, and clones databases by TEMPLATE", async () => {
    const { url } = await start({ database: "template-of-tests" });
    await query(url, "CREATE EXTENSION btree_gist");
    await query(
      url,
      "CREATE TABLE slot (calendar text, at tstzrange, EXCLUDE USING gist (calendar WITH =, at WITH &&))",
    );
    await query(url, 'CREATE DATABASE clone TEMPLATE "template-of-tests"');
    const clone = url.replace("template-of-tests", "clone");
    await query(clone, "INSERT INTO slot VALUES ('a', '[2030-01-01 10:00, 2030-01-01 11:00)')");
    const overlap = query(clone, "INSERT INTO slot VALUES ('a', '[2030-01-01 10:30, 2030-01-01 11:30)')");
    await expect(overlap).rejects.toMatchObject({ code: "23P01" });
  });

  test("says in one sentence that another live server uses the data directory", async () => {
    const { pid } = await start();
    await expect(start()).rejects.toThrow(
      `The data directory ${dataDir} is in use by another Postgres server (process ${pid}).`,
    );
  });

  test("says in one sentence that the port is taken", async () => {
    const { port } = await start();
    const other = start({ dataDir: join(folder, "other"), port });
    await expect(other).rejects.toThrow(`Port ${port} of 127.0.0.1 is taken.`);
  });

  test("says that a folder with other files is no data directory, and leaves them alone", async () => {
    const photos = join(folder, "photos");
    await mkdir(photos);
    await writeFile(join(photos, "cat.jpg"), "");
    await expect(start({ dataDir: photos })).rejects.toThrow(`${photos} is not a Postgres data directory`);
    expect(await readdir(photos)).toEqual(["cat.jpg"]);
  });

  test("starts over the lock file of a dead server whose process number was given to another program", async () => {
    await (await start()).stop();
    const lockFile = join(dataDir, "postmaster.pid");
    await writeFile(lockFile, `${process.pid}\n${dataDir}\n1\n5432\n\n127.0.0.1\n\nready   \n`);
    expect(await query((await start()).url, "SELECT 1")).toEqual([1]);
  });

  test("waits for a server that is still shutting down", async () => {
    const first = await start();
    const stopped = first.stop();
    const second = await start();
    await stopped;
    expect(await query(second.url, "SELECT 1")).toEqual([1]);
  });

  test("stops when its signal is aborted, and tells when it is gone", async () => {
    const abort = new AbortController();
    const server = await start({ signal: abort.signal });
    abort.abort();
    await server.exited;
    await expect(query(server.url, "SELECT 1")).rejects.toThrow();
  });

  test("leaves nothing half made when its start is aborted during initdb", async () => {
    const abort = new AbortController();
    const fresh = join(folder, "aborted");
    const starting = start({ dataDir: fresh, signal: abort.signal });
    const rejected = expect(starting).rejects.toThrow("aborted");
    const begun = () => readdirSync(folder).some((name) => name.startsWith("aborted.half-made-"));
    expect(await until(begun, 5_000)).toBe(true);
    abort.abort();
    await rejected;
    expect((await readdir(folder)).filter((name) => name.startsWith("aborted"))).toEqual([]);
  });
});

const linuxOnly = onLinux ? describe : describe.skip;
linuxOnly("a local Postgres whose parent is killed with -9", () => {
  test("is gone within 2 s with all its sessions, loses nothing, and does not block the next start", async () => {
    const child = await startFromChild(dataDir);
    await query(child.url, "CREATE TABLE survivor AS SELECT 7 AS n");
    expect(processesIn(dataDir).length).toBeGreaterThan(1);
    child.kill();
    expect(await until(() => processesIn(dataDir).length === 0, 2_000)).toBe(true);
    expect(await query((await start()).url, "SELECT n FROM survivor")).toEqual([7]);
  });

  test("does not block a start at the very same moment", async () => {
    const child = await startFromChild(dataDir);
    child.kill();
    expect(await query((await start()).url, "SELECT 1")).toEqual([1]);
  });
});

const asRoot = isRoot && onLinux ? describe : describe.skip;
asRoot("a local Postgres of root's", () => {
  test("runs as an unprivileged user who cannot walk to its own data directory", async () => {
    const { pid } = await start();
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    const status = await readFile(`/proc/${pid}/status`, "utf8");
    expect(status).toMatch(new RegExp(`^Uid:\\s+${NOBODY}\\s+${NOBODY}`, "m"));
    expect(status).toMatch(/^CapEff:\s+0+$/m);
  });

  test("takes over a cluster that root copied", async () => {
    await (await start()).stop();
    const copy = join(folder, "copy");
    spawnSync("cp", ["-R", dataDir, copy]);
    expect((await stat(join(copy, "PG_VERSION"))).uid).toBe(0);
    expect(await query((await start({ dataDir: copy })).url, "SELECT 1")).toEqual([1]);
  });

  // A repository under /root is closed to plain users: then there is nothing they could start.
  const asPlainUser =
    spawnSync(process.execPath, ["-e", ""], { uid: NOBODY, cwd: "/" }).status === 0 ? test : test.skip;
  asPlainUser("also starts for a plain user, and is gone when that user's process is killed", async () => {
    const open = await realpath(await mkdtemp(join(tmpdir(), "local-postgres-plain-")));
    try {
      await chmod(open, 0o755);
      const home = join(open, "home");
      await mkdir(home, { mode: 0o700 });
      await chown(home, NOBODY, NOBODY);
      const directory = join(home, "data");
      const child = await startFromChild(directory, { uid: NOBODY, gid: NOBODY });
      expect(await query(child.url, "SELECT 1")).toEqual([1]);
      child.kill();
      expect(await until(() => processesIn(directory).length === 0, 2_000)).toBe(true);
    } finally {
      await rm(open, { recursive: true, force: true });
    }
  });
});
