import { ConfigError } from "@bookproof/service";
import { TenantFileError } from "@bookproof/tenant-file";
import { readConfig } from "./config.ts";
import { LauncherError } from "./launcher-error.ts";
import { createLineFormat } from "./log-lines.ts";
import { watchParent } from "./parent-watch.ts";
import { welcome } from "./welcome.ts";
import { startWorld, type World } from "./world.ts";

/** npm passes a Ctrl-C on although the terminal has sent it to us already: only a later one means "at once". */
const SAME_CTRL_C_MS = 1_000;

const began = performance.now();
const aborted = new AbortController();
let world: World | undefined;
let stopAskedAt: number | undefined;

// A closed terminal or pipe must not cut the stop short.
process.stdout.on("error", () => {});
process.stderr.on("error", () => {});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, stop);

try {
  const config = readConfig(process.env, process.argv.slice(2), process.stdout.isTTY);
  if (config.underNpm) watchParent(stop);
  const format = createLineFormat(config.colours);
  world = await startWorld({
    ...config.world,
    signal: aborted.signal,
    onLine: (source, line) => process.stdout.write(`${format(source, line)}\n`),
  });
  process.stdout.write(`${welcome(world, (performance.now() - began) / 1_000)}\n`);
} catch (error) {
  if (aborted.signal.aborted) process.exit(0);
  const expected = [ConfigError, TenantFileError, LauncherError].some((kind) => error instanceof kind);
  process.stderr.write(`${expected && error instanceof Error ? error.message : inspectError(error)}\n`);
  process.exit(1);
}

function stop(): void {
  if (stopAskedAt !== undefined) {
    if (performance.now() - stopAskedAt > SAME_CTRL_C_MS) process.exit(1);
    return;
  }
  stopAskedAt = performance.now();
  if (world === undefined) {
    aborted.abort();
    return;
  }
  process.stdout.write("\nStopping …\n");
  world.stop().then(
    () => process.exit(0),
    (error) => {
      process.stderr.write(`${inspectError(error)}\n`);
      process.exit(1);
    },
  );
}

function inspectError(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
