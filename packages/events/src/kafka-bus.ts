import { setTimeout as delay } from "node:timers/promises";
import { Partitioners } from "kafkajs";
import { encodeBookingEvent } from "./booking-event-codec.ts";
import type { EventBus } from "./event-bus.ts";
import { eventHeaders, eventKey } from "./event-headers.ts";
import { inProducerSpan } from "./event-spans.ts";
import { createKafka, type KafkaConnection } from "./kafka-client.ts";
import { bookingFailedTopic, defaultPartitions, ensureTopic } from "./topics.ts";

/**
 * The bus over Kafka: `publish` resolves once every in-sync replica holds the event, which does not mean that anybody handled it.
 * It is kept connected in the background, and rejects after `timeoutMs` whatever Kafka does: its caller has another way (P2). What
 * was given up may still arrive: receivers deduplicate by the event's id.
 */
export function kafkaBus(options: KafkaConnection & { timeoutMs: number; partitions?: number }): EventBus {
  const { timeoutMs, partitions = defaultPartitions, logger } = options;
  const kafka = createKafka(options, { initialRetryTime: 100, maxRetryTime: 1_000, retries: 3 });
  const producer = kafka.producer({
    allowAutoTopicCreation: false,
    idempotent: false,
    createPartitioner: Partitioners.DefaultPartitioner,
  });
  let connected: Promise<void> | undefined;

  const connect = async () => {
    const admin = kafka.admin();
    try {
      await admin.connect();
      await ensureTopic(admin, bookingFailedTopic, partitions);
    } finally {
      await admin.disconnect();
    }
    await producer.connect();
  };
  /** One connecting serves all who wait for it; one that failed is begun anew by the next. */
  const whenConnected = () => {
    connected ??= connect().catch((error) => {
      connected = undefined;
      throw error;
    });
    return connected;
  };
  const send: EventBus["publish"] = async (event) => {
    await whenConnected();
    try {
      await inProducerSpan(bookingFailedTopic, async () => {
        const message = { key: eventKey(event), value: encodeBookingEvent(event), headers: eventHeaders(event) };
        await producer.send({ topic: bookingFailedTopic, acks: -1, timeout: timeoutMs, messages: [message] });
      });
    } catch (error) {
      // Perhaps the topic went: the next one looks after it.
      connected = undefined;
      throw error;
    }
  };

  // So that the first failure need not wait for it.
  void whenConnected().catch((error) =>
    logger.warn({ reason: String(error) }, "[KAFKA] not reached; events are delivered directly until it is"),
  );
  return {
    publish: (event) => within(timeoutMs, send(event)),
    async close() {
      await connected?.catch(() => undefined);
      await producer.disconnect();
    },
  };
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const timer = new AbortController();
  const late = delay(ms, undefined, { signal: timer.signal, ref: false }).then(() => {
    throw new Error(`Kafka did not take the event within ${ms} ms.`);
  });
  late.catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    timer.abort();
  }
}
