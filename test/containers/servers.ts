import { GenericContainer, type StartedNetwork, type StartedTestContainer, Wait } from "testcontainers";
import type { Engine } from "./engine.ts";

const startMs = 180_000;

/** Where the containers of the network find them. */
export const addresses = { postgres: "postgres:5432", kafka: "kafka:9092" };

export const password = "a password of this run alone";
export const databaseUrl = (server: string, as = password): string =>
  `postgres://postgres:${encodeURIComponent(as)}@${server}/bookproof`;

/** An empty Postgres; its port 5432 is mapped. */
export function startPostgres(engine: Engine, network: StartedNetwork): Promise<StartedTestContainer> {
  return (
    new GenericContainer(engine.postgresImage)
      .withNetwork(network)
      .withNetworkAliases("postgres")
      .withEnvironment({ POSTGRES_PASSWORD: password, POSTGRES_DB: "bookproof" })
      .withCommand(["postgres", "-c", "fsync=off"])
      .withExposedPorts(5432)
      .withStartupTimeout(startMs)
      // Once from its set-up, once for good.
      .withWaitStrategy(Wait.forLogMessage(/database system is ready to accept connections/, 2))
      .start()
  );
}

/** One broker, for the containers of the network alone. */
export function startKafka(engine: Engine, network: StartedNetwork): Promise<StartedTestContainer> {
  return (
    new GenericContainer(engine.kafkaImage)
      // An image that was built from read-only files has a configuration which its own user cannot complete.
      .withUser("root")
      .withNetwork(network)
      .withNetworkAliases("kafka")
      .withEnvironment({
        KAFKA_NODE_ID: "1",
        KAFKA_PROCESS_ROLES: "broker,controller",
        KAFKA_CONTROLLER_QUORUM_VOTERS: "1@localhost:9093",
        KAFKA_LISTENERS: "PLAINTEXT://:9092,CONTROLLER://:9093",
        KAFKA_ADVERTISED_LISTENERS: `PLAINTEXT://${addresses.kafka}`,
        KAFKA_CONTROLLER_LISTENER_NAMES: "CONTROLLER",
        KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
        KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: "1",
        KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: "0",
        KAFKA_HEAP_OPTS: "-Xmx256m -Xms256m",
      })
      .withStartupTimeout(startMs)
      .withWaitStrategy(Wait.forLogMessage(/Kafka Server started/))
      .start()
  );
}
