import type { Logger } from "@bookproof/service";
import { Kafka, type LogEntry, logLevel, type RetryOptions } from "kafkajs";

export interface KafkaConnection {
  /** host:port each; one that answers is enough. */
  brokers: readonly string[];
  /** The service. */
  clientId: string;
  logger: Logger;
}

/**
 * A client of a Kafka cluster. The library complains of every try to connect, and there are several a second: that is for debugging,
 * whoever uses the client warns once.
 */
export function createKafka({ brokers, clientId, logger }: KafkaConnection, retry: RetryOptions): Kafka {
  return new Kafka({
    brokers: [...brokers],
    clientId,
    connectionTimeout: 1_000,
    requestTimeout: 10_000,
    retry,
    logLevel: logLevel.ERROR,
    logCreator: () => (entry: LogEntry) => logger.debug({ kafka: entry.namespace }, `[KAFKA] ${complaint(entry)}`),
  });
}

function complaint({ log }: LogEntry): string {
  return log.error ? `${log.message}: ${log.error}` : log.message;
}
