import { setTimeout as sleep } from "node:timers/promises";

/** Asks again until `read` gives something, for five seconds at most. */
export async function eventually<T>(read: () => T | undefined | Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + 5_000;
  for (;;) {
    const found = await read();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error("it did not happen within 5 s");
    await sleep(10);
  }
}
