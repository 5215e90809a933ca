export { type LocalKafka, type LocalKafkaOptions, startLocalKafka } from "./start-local-kafka.ts";
