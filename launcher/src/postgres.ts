import { startLocalPostgres } from "@bookproof/local-postgres";
import { keepRunning } from "./keep-running.ts";

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
  const { first, pid, stop } = await keepRunning({ name: "Postgres", start, onLine, signal });
  return { url: first.url, pid, stop };
}
