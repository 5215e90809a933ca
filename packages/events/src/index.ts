export { decodeBookingEvent, encodeBookingEvent } from "./booking-event-codec.ts";
export type { MessageHandlers, PoisonEvent } from "./consume-message.ts";
export { directBus, type EventBus } from "./event-bus.ts";
export { type EventConsumer, type EventConsumerOptions, startEventConsumer } from "./event-consumer.ts";
export { inspectKafka, type KafkaState } from "./inspect-kafka.ts";
export { kafkaBus } from "./kafka-bus.ts";
export type { KafkaConnection } from "./kafka-client.ts";
export { bookingFailedTopic } from "./topics.ts";
