import { spawnSync } from "node:child_process";
import { chmod, chown, cp, mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Binaries, findBinaries, makeBinariesReachable } from "./binaries.ts";

const NOBODY = { uid: 65_534, gid: 65_534 };
const asRoot = process.getuid?.() === 0 && process.platform === "linux" ? describe : describe.skip;

asRoot("binaries under a folder that only root can walk", () => {
  let closed = "";
  let cacheDir = "";
  let binaries: Binaries;

  beforeAll(async () => {
    closed = await mkdtemp(join(tmpdir(), "closed-"));
    cacheDir = await mkdtemp(join(tmpdir(), "cache-"));
    await chmod(cacheDir, 0o755);
    const installed = await findBinaries();
    binaries = { ...installed, dir: join(closed, "native") };
    await cp(installed.dir, binaries.dir, { recursive: true, verbatimSymlinks: true });
  });
  afterAll(async () => {
    await rm(closed, { recursive: true, force: true });
    await rm(cacheDir, { recursive: true, force: true });
  });

  const version = (dir: string) =>
    spawnSync(join(dir, "bin", "postgres"), ["--version"], { ...NOBODY, cwd: "/", env: {}, encoding: "utf8" }).stdout ||
    undefined;

  test("are run from one copy that starts of several processes share", async () => {
    expect(version(binaries.dir)).toBeUndefined();
    const [first, second] = await Promise.all([
      makeBinariesReachable(binaries, NOBODY, [cacheDir]),
      makeBinariesReachable(binaries, NOBODY, ["/dev/null/unusable", cacheDir]),
    ]);
    expect(version(first.dir)).toMatch(/^postgres \(PostgreSQL\) 18/);
    expect(second).toEqual(first);
    expect(await readdir(cacheDir)).toEqual([basename(first.dir)]);
  });

  test("are never run from a copy that another user planted", async () => {
    const planted = await mkdtemp(join(cacheDir, "planted-"));
    const target = join(planted, `bookproof-postgres-${binaries.label}`);
    await mkdir(target);
    await chown(target, NOBODY.uid, NOBODY.gid);
    const attempt = makeBinariesReachable(binaries, NOBODY, [planted]);
    await expect(attempt).rejects.toThrow(`User ${NOBODY.uid} can reach no Postgres binaries`);
  });

  test("are used in place exactly where the account can run them", async () => {
    const installed = await findBinaries();
    const attempt = makeBinariesReachable(installed, NOBODY, []);
    if (version(installed.dir) === undefined) await expect(attempt).rejects.toThrow("can reach no Postgres binaries");
    else expect(await attempt).toEqual(installed);
  });
});
