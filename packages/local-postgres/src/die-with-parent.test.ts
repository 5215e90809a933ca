import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "@jest/globals";
import { dieWhenStdinEnds, dieWithParent, findSetpriv } from "./die-with-parent.ts";

/** Prints its own pid, then ignores its stdin and blocks its event loop for ever. */
const HUNG = [process.execPath, "-e", "console.log(process.pid); for (;;);"];

/** Runs a wrapped command under a parent of its own; returns the command's pid and a way to kill the parent. */
async function runUnderParent(wrapper: string) {
  const module = new URL("./die-with-parent.ts", import.meta.url).href;
  const script = `import { spawn, spawnSync } from "node:child_process";
    import * as wrap from ${JSON.stringify(module)};
    const [file, ...args] = ${wrapper.replace("COMMAND", JSON.stringify(HUNG))};
    spawn(file, args, { detached: true, stdio: ["pipe", "inherit", "inherit"] });`;
  const parent = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [pid] = await once(createInterface({ input: parent.stdout }), "line");
  return { pid: Number(pid), killParent: () => parent.kill("SIGKILL") };
}

async function isGoneWithin(pid: number, milliseconds: number): Promise<boolean> {
  for (const deadline = Date.now() + milliseconds; Date.now() < deadline; await delay(10)) {
    // A machine's init may take seconds to collect an orphan: a zombie (Z) is gone.
    if (/^$|Z/.test(spawnSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" }).stdout.trim()))
      return true;
  }
  process.kill(pid, "SIGKILL");
  return false;
}

const withSetpriv = findSetpriv() === undefined ? test.skip : test;

withSetpriv("the kernel kills a hung command when its parent is killed", async () => {
  const { pid, killParent } = await runUnderParent('wrap.dieWithParent(wrap.findSetpriv(), "KILL", COMMAND)');
  killParent();
  expect(await isGoneWithin(pid, 1_000)).toBe(true);
});

withSetpriv("a command whose parent is another than the one named is not started", async () => {
  const command = dieWithParent(findSetpriv() ?? "", "KILL", ["/bin/sh", "-c", "echo started"]);
  const [file = "", ...args] = command.map((word) => (word === String(process.pid) ? "1" : word));
  const child = spawn(file, args, { stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  child.stdout.on("data", (chunk) => {
    output += String(chunk);
  });
  const [code] = await once(child, "close");
  expect({ code, output }).toEqual({ code: 1, output: "" });
});

test("the watcher kills a hung command when its parent is killed", async () => {
  const { pid, killParent } = await runUnderParent('wrap.dieWhenStdinEnds("KILL", COMMAND)');
  killParent();
  expect(await isGoneWithin(pid, 1_000)).toBe(true);
});

test("the watcher leaves the command its own pid and exit code, and holds none of its output pipes", async () => {
  const [file = "", ...args] = dieWhenStdinEnds("INT", ["/bin/sh", "-c", "echo $$; exit 3"]);
  const child = spawn(file, args, { detached: true, stdio: ["pipe", "pipe", "inherit"] });
  const [[line], [code]] = await Promise.all([
    once(createInterface({ input: child.stdout }), "line"),
    once(child, "close"),
  ]);
  expect({ pid: Number(line), code }).toEqual({ pid: child.pid, code: 3 });
  expect(existsSync(file)).toBe(true);
});
