import { expect, test } from "@jest/globals";
import { readConfig } from "./config.ts";

const read = (brokers: string) =>
  readConfig({
    DATABASE_URL: "postgres://localhost/x",
    SECRETS_KEY: Buffer.alloc(32).toString("base64"),
    KAFKA_BROKERS: brokers,
  }).kafkaBrokers;

test("without KAFKA_BROKERS every event is delivered directly", () => {
  expect(read("")).toEqual([]);
});

test("KAFKA_BROKERS are addresses separated by commas", () => {
  expect(read("kafka-0:9092, kafka-1:9092")).toEqual(["kafka-0:9092", "kafka-1:9092"]);
});

test.each([["kafka"], ["kafka:9092;kafka:9093"], ["kafka:9092 kafka:9093"]])(
  "KAFKA_BROKERS=%s is refused by name",
  (brokers) => {
    expect(() => read(brokers)).toThrow("KAFKA_BROKERS must be host:port, several separated by commas");
  },
);
