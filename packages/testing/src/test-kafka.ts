import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LocalKafka, startLocalKafka } from "@bookproof/local-kafka";

export interface TestKafka {
  /** host:port, the same after a restart. */
  brokers: string;
  /** kill -9. */
  kill(): Promise<void>;
  /** Keeps its connections open and answers nobody. */
  hang(): void;
  goOn(): void;
  /** Starts it again after a kill, with what it had. */
  restart(): Promise<void>;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

/** A real broker for a test file; with a port one that was away until now. */
export async function startTestKafka(options: { port?: number } = {}): Promise<TestKafka> {
  const folder = mkdtempSync(join(tmpdir(), "bookproof-test-kafka-"));
  const start = (port = 0): Promise<LocalKafka> =>
    startLocalKafka({ dataDir: join(folder, "kafka"), ...options, ...(port ? { port } : {}) });
  let broker = await start();
  return {
    brokers: broker.brokers,
    kill: () => broker.kill(),
    hang: () => void process.kill(broker.pid, "SIGSTOP"),
    goOn: () => void process.kill(broker.pid, "SIGCONT"),
    async restart() {
      broker = await start(broker.port);
    },
    async stop() {
      await broker.kill();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
