import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { findFreePorts, isPortFree } from "@bookproof/local-postgres";
import { fetchJarsIfAbsent } from "./fetch-jars.ts";
import { assertJava } from "./find-java.ts";
import { formatIfAbsent, logDirOf } from "./format-data-dir.ts";
import { BrokerDidNotStart, type RunningBroker, runBroker } from "./run-broker.ts";
import { serverProperties } from "./server-properties.ts";

const VERSION = "4.1.1";
/** A port that was free may be taken before Java has started. */
const STARTS = 3;

export type LocalKafkaOptions = {
  /** Where the broker keeps everything, or is to. Stays when it stops. */
  dataDir: string;
  /** Absent or 0: a free one. */
  port?: number;
  /** The java program, 17 or newer; that of the PATH unless given. */
  java?: string;
  /** Where the jars and an empty data directory are kept for the next time; `~/.cache/bookproof` unless given. */
  cacheDir?: string;
  /** Takes each line of the broker's log (its warnings), and that jars are being fetched. */
  log?: (line: string) => void;
  /** Gives up a start in progress, and stops a running broker. */
  signal?: AbortSignal;
};

export type LocalKafka = RunningBroker & {
  /** host:port, as KAFKA_BROKERS takes it. */
  brokers: string;
  port: number;
};

/**
 * Starts Apache Kafka 4.1 (KRaft, one node) on 127.0.0.1; it is killed when this process ends, also when that is killed.
 * The first start of all fetches the jars by Maven; after that one takes 2 to 3 s. Started again on the same directory and port it
 * has everything that was acknowledged, also after a kill.
 *
 * Anyone on this machine who can reach the port may read and write. Throws one sentence when Java or Maven is missing, or the port is taken.
 */
export async function startLocalKafka(options: LocalKafkaOptions): Promise<LocalKafka> {
  const { java = "java", log = () => {}, signal } = options;
  const dataDir = resolve(options.dataDir);
  const cacheDir = join(options.cacheDir ?? join(homedir(), ".cache", "bookproof"), `kafka-${VERSION}`);
  const programs = { java, jarsDir: join(cacheDir, "jars") };
  await assertJava(java);
  await fetchJarsIfAbsent(programs.jarsDir, { maven: "mvn", log, signal });
  await formatIfAbsent(programs, { dataDir, templateDir: join(cacheDir, "formatted"), signal });

  const { port, broker } = await runOnAPort(programs, { ...options, dataDir, log, signal });
  const stopOnAbort = () => void broker.stop();
  signal?.addEventListener("abort", stopOnAbort, { once: true });
  void broker.exited.then(() => signal?.removeEventListener("abort", stopOnAbort));
  return { ...broker, port, brokers: `127.0.0.1:${port}` };
}

async function runOnAPort(
  programs: { java: string; jarsDir: string },
  options: { dataDir: string; port?: number; log: (line: string) => void; signal: AbortSignal | undefined },
): Promise<{ port: number; broker: RunningBroker }> {
  const { dataDir, log, signal, port: wanted = 0 } = options;
  if (wanted && !(await isPortFree(wanted))) throw new Error(`Port ${wanted} of 127.0.0.1 is taken.`);
  for (let start = 1; ; start++) {
    const [free = 0, controllerPort = 0] = await findFreePorts(2);
    const port = wanted || free;
    const properties = serverProperties({ logDir: logDirOf(dataDir), port, controllerPort });
    try {
      return { port, broker: await runBroker(programs, { dataDir, properties, log, signal }) };
    } catch (error) {
      const taken = error instanceof BrokerDidNotStart && error.lines.some((line) => line.includes("already in use"));
      if (!taken || start === STARTS) throw error;
    }
  }
}
