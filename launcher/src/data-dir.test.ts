import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { keepSecret, openDataDir } from "./data-dir.ts";
import { lockFileName } from "./data-dir-lock.ts";

let dataDir = "";
beforeEach(() => {
  dataDir = join(mkdtempSync(join(tmpdir(), "launcher-data-")), "data");
});
afterEach(() => rmSync(join(dataDir, ".."), { recursive: true, force: true }));

const lockFromAnotherProcess = (rest: string) =>
  spawnSync(process.execPath, [
    "--input-type=module",
    "-e",
    `import { openDataDir } from ${JSON.stringify(new URL("./data-dir.ts", import.meta.url).href)};
     openDataDir(${JSON.stringify(dataDir)}, false); ${rest}`,
  ]);

describe("the data directory", () => {
  test("is made for its owner alone, and given back", () => {
    const close = openDataDir(dataDir, false);
    expect(statSync(dataDir).mode & 0o777).toBe(0o700);
    expect(readdirSync(dataDir)).toEqual([lockFileName]);
    close();
    expect(readdirSync(dataDir)).toEqual([]);
  });

  test("serves one launcher at a time, and the next one after it", () => {
    const close = openDataDir(dataDir, false);
    expect(() => openDataDir(dataDir, false)).toThrow(
      `The data directory ${dataDir} is in use by another launcher (process ${process.pid}).`,
    );
    close();
    openDataDir(dataDir, false)();
  });

  test("is refused to a launcher in another process while this one has it", () => {
    const close = openDataDir(dataDir, false);
    expect(lockFromAnotherProcess("").stderr.toString()).toContain(`another launcher (process ${process.pid})`);
    close();
    expect(lockFromAnotherProcess("").status).toBe(0);
  });

  test("is taken over from a launcher that was killed", () => {
    expect(lockFromAnotherProcess("process.kill(process.pid, 'SIGKILL');").signal).toBe("SIGKILL");
    expect(readdirSync(dataDir)).toEqual([lockFileName]);
    openDataDir(dataDir, false)();
  });

  test("is taken over when the killed launcher's number belongs to another process now", () => {
    mkdirSync(dataDir);
    writeFileSync(join(dataDir, lockFileName), `${process.pid} 1 another-boot\n`);
    openDataDir(dataDir, false)();
  });

  test("keeps its secrets from start to start, readable to its owner only", () => {
    openDataDir(dataDir, false)();
    const path = join(dataDir, "admin-token");
    expect(keepSecret(path, () => "first")).toBe("first");
    expect(keepSecret(path, () => "second")).toBe("first");
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test("is emptied by fresh", () => {
    mkdirSync(join(dataDir, "postgres", "base"), { recursive: true });
    writeFileSync(join(dataDir, "admin-token"), "old");
    openDataDir(dataDir, true);
    expect(readdirSync(dataDir)).toEqual([lockFileName]);
  });

  test("is not emptied when it holds something that no launcher put there", () => {
    mkdirSync(join(dataDir, "postgres"), { recursive: true });
    writeFileSync(join(dataDir, "thesis.tex"), "");
    expect(() => openDataDir(dataDir, true)).toThrow(`${dataDir} holds "thesis.tex", which is not Bookproof's`);
    expect(readdirSync(dataDir)).toEqual(["postgres", "thesis.tex"]);
  });

  test("is not emptied while another launcher uses it", () => {
    const close = openDataDir(dataDir, false);
    keepSecret(join(dataDir, "admin-token"), () => "kept");
    expect(() => openDataDir(dataDir, true)).toThrow("in use by another launcher");
    expect(readdirSync(dataDir)).toContain("admin-token");
    close();
  });

  test("that is a file is refused in one line", () => {
    writeFileSync(dataDir, "");
    expect(() => openDataDir(dataDir, false)).toThrow(new RegExp(`^The data directory ${dataDir} cannot be used: .*`));
  });
});
