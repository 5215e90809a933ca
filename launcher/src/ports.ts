import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";
import { LauncherError } from "./launcher-error.ts";

/**
 * TCP ports of 127.0.0.1 that nobody listens on, all different, from 16384–32767: below the range the kernel takes
 * outgoing connections' own ports from, so that they stay free while a service is restarted.
 */
export async function findFreePorts(count: number): Promise<number[]> {
  const found = new Set<number>();
  while (found.size < count) {
    const port = randomInt(16_384, 32_768);
    if (await isFree(port)) found.add(port);
  }
  return [...found];
}

/** @throws LauncherError when somebody listens on it */
export async function assertFree(port: number): Promise<void> {
  if (!(await isFree(port)))
    throw new LauncherError(
      `GATEWAY_PORT ${port} is taken or not allowed: stop what listens there, or choose another.`,
    );
}

async function isFree(port: number): Promise<boolean> {
  const probe = createServer();
  try {
    // Without a host it collides with a listener on any address.
    probe.listen(port);
    await once(probe, "listening");
  } catch {
    return false;
  }
  probe.close();
  await once(probe, "close");
  return true;
}
