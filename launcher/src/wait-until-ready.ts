import { setTimeout as delay } from "node:timers/promises";
import { LauncherError } from "./launcher-error.ts";
import type { SupervisedScript } from "./supervised-script.ts";

/** On a slow machine five processes may take long to load; a service that cannot start is known by its deaths. */
const READY_MS = 60_000;
/** A service that died this often before all were ready will not come up by itself. */
const DEATHS_ALLOWED = 2;
/** How a service marks a setting that it refuses: trying again changes nothing. */
const WRONG_SETTING = "[CONFIG]";

/**
 * Returns when every URL answers 200.
 * @throws LauncherError naming a process that dies again and again, or what the last answer said was missing
 */
export async function waitUntilReady(
  urls: readonly string[],
  processes: ReadonlyMap<string, SupervisedScript>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const deadline = Date.now() + READY_MS;
  for (const url of urls) {
    for (;;) {
      signal?.throwIfAborted();
      const answer = await ask(url);
      if (answer.ok) break;
      for (const [name, running] of processes) {
        const complaint = running.lastComplaint();
        const isHopeless =
          running.deaths() > DEATHS_ALLOWED || (running.deaths() > 0 && complaint.startsWith(WRONG_SETTING));
        if (isHopeless)
          throw new LauncherError(`${name} does not start: ${complaint.replace(WRONG_SETTING, "").trim()}`);
      }
      if (Date.now() > deadline)
        throw new LauncherError(`Not ready after ${READY_MS / 1_000} s: ${url} says ${answer.text}`);
      await delay(50);
    }
  }
}

async function ask(url: string): Promise<{ ok: boolean; text: string }> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    return { ok: response.ok, text: (await response.text()).slice(0, 300) };
  } catch {
    return { ok: false, text: "nothing" };
  }
}
