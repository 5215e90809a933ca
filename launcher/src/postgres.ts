import { setTimeout as delay } from "node:timers/promises";
import { type LocalPostgres, startLocalPostgres } from "@bookproof/local-postgres";
import { messageOf } from "./launcher-error.ts";

export type KeptPostgres = { url: string; pid(): number | undefined; stop(): Promise<void> };

/** Runs a local Postgres and starts it again, on the same port, when it dies. */
export async function keepPostgresRunning(options: {
  dataDir: string;
  onLine: (line: string) => void;
  signal?: AbortSignal;
}): Promise<KeptPostgres> {
  const { dataDir, onLine, signal } = options;
  // Errors of single statements are their callers' to report, and many are expected: a slot that is taken is one.
  const log = (line: string) => {
    if (/\b(FATAL|PANIC|WARNING): /.test(line)) onLine(line);
  };
  const start = (port: number) => startLocalPostgres({ dataDir, port, log, ...(signal ? { signal } : {}) });
  let stopped = false;
  let current: LocalPostgres | undefined = await start(0);
  const { url, port } = current;

  const watch = async () => {
    while (!stopped && !signal?.aborted) {
      if (current === undefined) {
        current = await start(port).catch((error: unknown) => {
          onLine(messageOf(error));
          return delay(500, undefined);
        });
      } else {
        await current.exited;
        current = undefined;
        if (!stopped) onLine("Postgres ended and is started again");
      }
    }
  };
  const watching = watch();
  return {
    url,
    pid: () => current?.pid,
    async stop() {
      stopped = true;
      await current?.stop();
      await watching;
      await current?.stop();
    },
  };
}
