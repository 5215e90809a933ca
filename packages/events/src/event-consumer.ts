import { setTimeout as delay } from "node:timers/promises";
import { consumeMessage, type MessageHandlers } from "./consume-message.ts";
import { createKafka, type KafkaConnection } from "./kafka-client.ts";
import { bookingFailedTopic, defaultPartitions, ensureTopic } from "./topics.ts";
import { watchProgress } from "./watch-progress.ts";

export interface EventConsumerOptions extends KafkaConnection, MessageHandlers {
  /** One a service: its processes share the events. */
  groupId: string;
  partitions?: number;
  /** After how long without progress, while Kafka answers and events wait, the consumer counts as stuck. */
  stuckAfterMs?: number;
}

export interface EventConsumer {
  /** Resolves with the reason when this consumer cannot go on, or does not: its process must end and be started again. */
  failed: Promise<Error>;
  /** Lets the message in hand finish its try and leaves the group. */
  stop(): Promise<void>;
}

const joinAgainAfterMs = 1_000;

/**
 * Consumes `booking-failed`, at least once: an offset is committed only after its message was handled or parked. Returns at once:
 * while Kafka is away it goes on trying to join, once it is back it continues where the group stood.
 */
export function startEventConsumer(options: EventConsumerOptions): EventConsumer {
  const { groupId, logger, partitions = defaultPartitions, stuckAfterMs = 30_000 } = options;
  const stopping = new AbortController();
  const kafka = createKafka(options, {
    initialRetryTime: 100,
    maxRetryTime: 1_000,
    retries: 8,
    // A restart that was planned just before a stop would outlive it.
    restartOnFailure: async () => !stopping.signal.aborted,
  });
  const { promise: failed, resolve: fail } = Promise.withResolvers<Error>();
  const admin = kafka.admin({ retry: { initialRetryTime: 100, maxRetryTime: 500, retries: 3 } });
  const consumer = kafka.consumer({
    groupId,
    allowAutoTopicCreation: false,
    maxWaitTimeInMs: 500,
    sessionTimeout: 10_000,
    heartbeatInterval: 1_000,
  });

  /** Once until the group is joined again: the library tries several times a second. */
  let complained = false;
  const complain = (error: unknown) => {
    if (!complained) logger.warn({ reason: String(error) }, "[KAFKA] not joined; booking calls directly until it is");
    complained = true;
  };
  const tries = new Map<number, number>();
  let assigned: number[] | undefined;
  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
    assigned = payload.memberAssignment[bookingFailedTopic] ?? [];
    complained = false;
    logger.info({ groupId, partitions: assigned }, "[KAFKA_JOINED] events of Kafka are consumed");
  });
  consumer.on(consumer.events.REBALANCING, () => {
    assigned = undefined;
  });
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    assigned = undefined;
    complain(payload.error);
    if (!payload.restart && !stopping.signal.aborted) fail(payload.error);
  });

  const run = async () => {
    await admin.connect();
    await ensureTopic(admin, bookingFailedTopic, partitions);
    await consumer.connect();
    await consumer.subscribe({ topic: bookingFailedTopic, fromBeginning: true });
    stopping.signal.throwIfAborted();
    await consumer.run({
      autoCommitThreshold: 1,
      partitionsConsumedConcurrently: partitions,
      eachMessage: (payload) => {
        const { partition } = payload;
        const tried = () => void tries.set(partition, (tries.get(partition) ?? 0) + 1);
        return consumeMessage(payload, { ...options, signal: stopping.signal, tried });
      },
    });
  };
  const running = runUntilItWorks(run, stopping.signal, complain);
  const endWatch = watchProgress({
    ...{ admin, topic: bookingFailedTopic, groupId, stuckAfterMs, logger },
    assigned: () => assigned,
    tries: (partition) => tries.get(partition) ?? 0,
    onStuck: fail,
  });
  return {
    failed,
    async stop() {
      stopping.abort();
      endWatch();
      await withinReason(running.then(() => Promise.all([consumer.disconnect(), admin.disconnect()])));
    },
  };
}

async function runUntilItWorks(
  run: () => Promise<void>,
  stopping: AbortSignal,
  complain: (error: unknown) => void,
): Promise<void> {
  while (!stopping.aborted) {
    try {
      return await run();
    } catch (error) {
      if (stopping.aborted) return;
      complain(error);
      await delay(joinAgainAfterMs, undefined, { signal: stopping }).catch(() => undefined);
    }
  }
}

/** Whoever does not say good-bye keeps the next member waiting for its session to end; but a hanging broker must not keep the process. */
async function withinReason(farewell: Promise<unknown>): Promise<void> {
  const waited = new AbortController();
  const late = delay(3_000, undefined, { signal: waited.signal }).catch(() => undefined);
  await Promise.race([farewell, late]);
  waited.abort();
}
