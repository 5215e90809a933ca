import { join } from "node:path";
import { startLocalKafka } from "@bookproof/local-kafka";
import { keepRunning } from "./keep-running.ts";

export type KeptKafka = { brokers: string; pid(): number | undefined; stop(): Promise<void> };

/**
 * Runs a local Kafka and starts it again, on the same port, when it dies.
 * @param options.javaHome where Java is; that of the PATH unless given
 */
export async function keepKafkaRunning(options: {
  dataDir: string;
  javaHome: string | undefined;
  onLine: (line: string) => void;
  onChange: () => void;
  signal: AbortSignal | undefined;
}): Promise<KeptKafka> {
  const { dataDir, javaHome, onLine, onChange, signal } = options;
  // Its warnings tell of every start and stop.
  const log = (line: string) => {
    if (/\] (ERROR|FATAL) |^fetching /.test(line)) onLine(line);
  };
  const java = javaHome === undefined ? {} : { java: join(javaHome, "bin/java") };
  const start = (port: number) => startLocalKafka({ dataDir, port, log, ...java, ...(signal ? { signal } : {}) });
  const { first, pid, stop } = await keepRunning({ name: "Kafka", start, onLine, onChange, signal });
  return { brokers: first.brokers, pid, stop };
}
