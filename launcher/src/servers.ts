import { join } from "node:path";
import { migrate } from "@bookproof/postgres";
import { keepKafkaRunning } from "./kafka.ts";
import { LauncherError, messageOf } from "./launcher-error.ts";
import { keepPostgresRunning } from "./postgres.ts";
import type { WorldOptions, WorldSettings } from "./world-options.ts";

/** What the services need besides each other. */
export type Servers = {
  databaseUrl: string;
  /** `pid` is undefined where others run it, and between a death and the restart. */
  kafka: { brokers: string; pid(): number | undefined } | undefined;
};

type Hooks = {
  atStop: (close: () => Promise<void>) => void;
  /** Called when another process runs Kafka, or none. */
  onChange: () => void;
};

/**
 * Postgres, with the newest schema, and Kafka where it is wanted: those that the settings name, else own ones.
 * @throws LauncherError
 */
export async function startServers(options: WorldOptions, settings: WorldSettings, hooks: Hooks): Promise<Servers> {
  const [database, kafka] = await Promise.allSettled([
    prepareDatabase(options, settings, hooks),
    startKafka(options, settings, hooks),
  ]);
  return { databaseUrl: fulfilled(database), kafka: fulfilled(kafka) };
}

/** Both have ended by then, so that nothing is left behind where only one could start. */
function fulfilled<T>(result: PromiseSettledResult<T>): T {
  if (result.status === "rejected") throw result.reason;
  return result.value;
}

async function prepareDatabase(options: WorldOptions, settings: WorldSettings, { atStop }: Hooks): Promise<string> {
  const url = settings.DATABASE_URL ?? (await startPostgres(options, atStop));
  await migrate(url).catch((error: unknown) => {
    throw new LauncherError(`The database could not be prepared: ${messageOf(error)}.`, { cause: error });
  });
  return url;
}

async function startKafka(
  options: WorldOptions,
  settings: WorldSettings,
  { atStop, onChange }: Hooks,
): Promise<Servers["kafka"]> {
  const brokers = settings.KAFKA_BROKERS.join(",");
  if (brokers) return { brokers, pid: () => undefined };
  if (!options.kafka) return undefined;
  const { dataDir, signal, onLine = () => {} } = options;
  const kafka = await keepKafkaRunning({
    dataDir: join(dataDir, "kafka"),
    javaHome: settings.JAVA_HOME,
    onLine: (line) => onLine("kafka", line),
    onChange,
    signal,
  }).catch((error: unknown) => {
    signal?.throwIfAborted();
    throw new LauncherError(messageOf(error), { cause: error });
  });
  atStop(kafka.stop);
  return kafka;
}

async function startPostgres(options: WorldOptions, atStop: Hooks["atStop"]): Promise<string> {
  const postgres = await keepPostgresRunning({
    dataDir: join(options.dataDir, "postgres"),
    onLine: (line) => options.onLine?.("postgres", line),
    ...(options.signal ? { signal: options.signal } : {}),
  }).catch((error: unknown) => {
    options.signal?.throwIfAborted();
    throw new LauncherError(messageOf(error), { cause: error });
  });
  atStop(postgres.stop);
  return postgres.url;
}
