import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { findSetpriv } from "@bookproof/local-postgres";
import { afterEach, expect, test } from "@jest/globals";
import { type Supervisor, type SupervisorOptions, superviseProcess } from "./supervisor.ts";

const running: Supervisor[] = [];
afterEach(async () => {
  for (const supervisor of running.splice(0)) await supervisor.stop(0);
});

/** Says its pid, then does as the rest of the script says. */
const script = (rest: string) => [process.execPath, "-e", `console.log("pid", process.pid); ${rest}`];
const OBEDIENT = script("process.stdin.resume().on('end', () => process.exit());");
const DEAF = script("process.on('SIGTERM', () => {}); console.log('deaf'); process.stdin.resume();");
const HUNG = script("for (;;);");
const CRASHING = script("process.exit(3);");

function supervise(command: readonly string[], options: Partial<SupervisorOptions> = {}) {
  const lines: string[] = [];
  const supervisor = superviseProcess({
    name: "child",
    command,
    env: { ...options.env },
    cwd: process.cwd(),
    restart: true,
    onLine: (stream, line) => lines.push(`${stream} ${line}`),
    ...options,
  });
  running.push(supervisor);
  return { supervisor, lines };
}

async function until(condition: () => boolean, milliseconds = 10_000): Promise<boolean> {
  for (const deadline = Date.now() + milliseconds; Date.now() < deadline; await delay(5)) if (condition()) return true;
  return condition();
}

/** A machine's init may take seconds to collect an orphan: a zombie (Z) is gone. */
function isGone(pid: number): boolean {
  return /^$|Z/.test(spawnSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" }).stdout.trim());
}

test("starts a process again within a second of kill -9, and says so", async () => {
  const restarted: number[] = [];
  const { supervisor, lines } = supervise(OBEDIENT, { onRestart: (pid) => restarted.push(pid) });
  const first = supervisor.pid() ?? 0;
  expect(await until(() => lines.includes(`stdout pid ${first}`))).toBe(true);
  process.kill(first, "SIGKILL");
  expect(await until(() => restarted.length === 1, 1_000)).toBe(true);
  expect(await until(() => lines.includes(`stdout pid ${supervisor.pid()}`))).toBe(true);
  expect(restarted).toEqual([supervisor.pid()]);
  expect(supervisor.pid()).not.toBe(first);
});

test("keeps trying at growing intervals of less than a second when every start crashes", async () => {
  const ends: number[] = [];
  const starts: number[] = [];
  supervise(CRASHING, { onExit: () => ends.push(Date.now()), onRestart: () => starts.push(Date.now()) });
  expect(await until(() => starts.length === 5)).toBe(true);
  const waits = starts.map((start, index) => start - (ends[index] ?? 0));
  expect(Math.max(...waits)).toBeLessThan(1_000);
  expect(waits[4]).toBeGreaterThan((waits[0] ?? 0) + 500);
});

test("reports a program that cannot be started, and keeps trying", async () => {
  const ends: unknown[] = [];
  const { lines } = supervise(["/nowhere/program"], { onExit: (exit) => ends.push(exit) });
  expect(await until(() => ends.length >= 2)).toBe(true);
  expect(lines.join("\n")).toContain("/nowhere/program");
});

test("does not start again what is not to be restarted", async () => {
  const ends: unknown[] = [];
  const { supervisor } = supervise(CRASHING, { restart: false, onExit: (exit) => ends.push(exit) });
  expect(await until(() => ends.length === 1)).toBe(true);
  expect(ends).toEqual([{ code: 3, signal: null }]);
  expect(supervisor.pid()).toBeUndefined();
});

test("stops with SIGTERM, leaves nothing, and never starts again", async () => {
  const ends: unknown[] = [];
  const { supervisor, lines } = supervise(OBEDIENT, { onExit: (exit) => ends.push(exit) });
  expect(await until(() => lines.length > 0)).toBe(true);
  const pid = supervisor.pid() ?? 0;
  await supervisor.stop(5_000);
  expect(ends).toEqual([{ code: null, signal: "SIGTERM" }]);
  expect(isGone(pid)).toBe(true);
  expect(supervisor.pid()).toBeUndefined();
});

test("stop during the wait for a restart leaves nothing to start", async () => {
  let deaths = 0;
  const { supervisor, lines } = supervise(CRASHING, { onExit: () => (deaths += 1) });
  expect(await until(() => deaths >= 4 && supervisor.pid() === undefined)).toBe(true);
  await supervisor.stop(1_000);
  const printed = lines.length;
  expect(await until(() => lines.length > printed || supervisor.pid() !== undefined, 1_200)).toBe(false);
});

test("kills a process that ignores SIGTERM when its grace is over", async () => {
  const ends: unknown[] = [];
  const { supervisor, lines } = supervise(DEAF, { onExit: (exit) => ends.push(exit) });
  expect(await until(() => lines.includes("stdout deaf"))).toBe(true);
  await supervisor.stop(100);
  expect(ends).toEqual([{ code: null, signal: "SIGKILL" }]);
});

test("gives the process its own command line and only the environment it was given", async () => {
  const command = script(
    "console.log('env', JSON.stringify(process.env.GREETING), process.env.HOME); process.stdin.resume();",
  );
  const { supervisor, lines } = supervise(command, { env: { GREETING: "hello" } });
  expect(await until(() => lines.includes('stdout env "hello" undefined'))).toBe(true);
  const args = spawnSync("ps", ["-ww", "-o", "args=", "-p", String(supervisor.pid())], { encoding: "utf8" });
  expect(args.stdout.trim()).toBe(command.join(" "));
});

async function killSupervisorOf(command: readonly string[]): Promise<number> {
  const entry = new URL("./supervisor.ts", import.meta.url).href;
  const options = JSON.stringify({ name: "child", command, env: {}, cwd: "/", restart: true });
  const launcher = `import { superviseProcess } from ${JSON.stringify(entry)};
    superviseProcess({ ...${options}, onLine: (_, line) => console.log(line) });`;
  const parent = spawn(process.execPath, ["--input-type=module", "-e", launcher], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = await once(createInterface({ input: parent.stdout }), "line");
  parent.kill("SIGKILL");
  return Number(String(line).replace("pid ", ""));
}

test("leaves no process behind when the supervisor itself is killed with -9", async () => {
  const pid = await killSupervisorOf(OBEDIENT);
  expect(await until(() => isGone(pid), 2_000)).toBe(true);
});

const withSetpriv = findSetpriv() === undefined ? test.skip : test;
withSetpriv("leaves not even a process whose event loop hangs when the supervisor is killed with -9", async () => {
  const pid = await killSupervisorOf(HUNG);
  expect(await until(() => isGone(pid), 2_000)).toBe(true);
});
