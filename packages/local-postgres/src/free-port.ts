import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";

/**
 * TCP ports of this machine that nobody listens on, all different, from 16384–32767.
 *
 * Below the range the kernel takes outgoing connections' own ports from: there a client that reconnects while the
 * server restarts can be given the very port it dials, connect to itself, and keep the server from binding.
 */
export async function findFreePorts(count: number): Promise<number[]> {
  const found = new Set<number>();
  while (found.size < count) {
    const port = randomInt(16_384, 32_768);
    if (await isPortFree(port)) found.add(port);
  }
  return [...found];
}

/** Whether nobody listens on a TCP port, at any of this machine's addresses. */
export async function isPortFree(port: number): Promise<boolean> {
  const probe = createServer();
  try {
    probe.listen(port);
    await once(probe, "listening");
  } catch {
    return false;
  }
  probe.close();
  await once(probe, "close");
  return true;
}
