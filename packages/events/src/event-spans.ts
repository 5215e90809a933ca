import { runInSpan } from "@bookproof/telemetry";
import { SpanKind } from "@opentelemetry/api";

// Names and attributes: https://opentelemetry.io/docs/specs/semconv/messaging/kafka/
const attributesOf = (topic: string, operation: "send" | "process") => ({
  "messaging.system": "kafka",
  "messaging.destination.name": topic,
  "messaging.operation.name": operation,
  "messaging.operation.type": operation,
});

/** Sends in a span of its own; what is sent carries it on. */
export const inProducerSpan = <T>(topic: string, send: () => Promise<T>): Promise<T> =>
  runInSpan({ name: `send ${topic}`, kind: SpanKind.PRODUCER, attributes: attributesOf(topic, "send") }, send);

/** Handles a message in a span that continues its sender's. */
export const inConsumerSpan = <T>(
  topic: string,
  headers: Readonly<Record<string, string>>,
  handle: () => Promise<T>,
): Promise<T> =>
  runInSpan(
    {
      name: `process ${topic}`,
      kind: SpanKind.CONSUMER,
      attributes: attributesOf(topic, "process"),
      ...(headers.traceparent ? { traceparent: headers.traceparent } : { isRoot: true }),
    },
    handle,
  );
