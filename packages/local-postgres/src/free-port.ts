import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";

/**
 * A TCP port of 127.0.0.1 that nobody listens on, from 16384–32767.
 *
 * Below the range the kernel takes outgoing connections' own ports from: there a client that reconnects while the
 * server restarts can be given the very port it dials, connect to itself, and keep the server from binding.
 */
export async function findFreePort(): Promise<number> {
  for (;;) {
    const port = randomInt(16_384, 32_768);
    const probe = createServer();
    probe.listen(port, "127.0.0.1");
    try {
      await once(probe, "listening");
    } catch {
      continue;
    }
    probe.close();
    await once(probe, "close");
    return port;
  }
}
