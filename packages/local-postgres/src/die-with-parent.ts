import { spawnSync } from "node:child_process";

/** Absolute, because the caller's PATH may be anything; the last is where NixOS keeps it. */
const SETPRIV_PLACES = ["/usr/bin/setpriv", "/bin/setpriv", "/run/current-system/sw/bin/setpriv"];

/**
 * Where util-linux' `setpriv` is, if it knows `--pdeathsig` (busybox' does not, macOS has none).
 * Costs a few milliseconds: ask once and keep the answer.
 */
export function findSetpriv(): string | undefined {
  return SETPRIV_PLACES.find(
    (setpriv) => spawnSync(setpriv, ["--pdeathsig", "INT", "/bin/sh", "-c", ":"], { stdio: "ignore" }).status === 0,
  );
}

/**
 * The command line that runs `command` so that the kernel sends it `signal` when this process ends, however it ends.
 *
 * Nothing in the child has to cooperate: a hung event loop or a killed watcher makes no difference. Both wrappers
 * exec, so pid and command line end up as the command's own. The shell closes the one gap: a parent that was gone
 * before the kernel was asked would never be reported, so a child that finds another parent does not start.
 *
 * Spawn it from the main thread: the kernel watches the thread that forked.
 */
export function dieWithParent(setpriv: string, signal: "INT" | "KILL", command: readonly string[]): string[] {
  const startOnlyUnderParent = '[ "$PPID" = "$0" ] && exec "$@"';
  return [setpriv, "--pdeathsig", signal, "/bin/sh", "-c", startOnlyUnderParent, String(process.pid), ...command];
}

/**
 * The same promise where the kernel does not offer it: a watcher beside the command waits for the end of the
 * command's stdin, which must be a pipe held by this process, and then sends `signal`.
 *
 * The watcher is forked twice, so that the command is not told of the death of a child it never had, and holds none
 * of the command's output pipes. Spawn the command in its own process group, or one signal to ours takes both.
 * The command itself reads /dev/null.
 */
export function dieWhenStdinEnds(signal: "INT" | "KILL", command: readonly string[]): string[] {
  const watchThenExec = `exec 9<&0 </dev/null
    ( ( read -r _ <&9; kill -s ${signal} $$ ) >/dev/null 2>&1 & )
    exec "$@" 9<&-`;
  return ["/bin/sh", "-c", watchThenExec, "sh", ...command];
}
