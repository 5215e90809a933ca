import { BookproofError } from "@bookproof/errors";
import type { BookingEvent } from "@bookproof/proto/events";
import { eventually, startTestKafka, type TestKafka } from "@bookproof/testing";
import { afterAll, afterEach, beforeAll, expect, jest, test } from "@jest/globals";
import { pino } from "pino";
import type { MessageHandlers, PoisonEvent } from "./consume-message.ts";
import type { EventBus } from "./event-bus.ts";
import { type EventConsumer, startEventConsumer } from "./event-consumer.ts";
import { kafkaBus } from "./kafka-bus.ts";

jest.setTimeout(60_000);

const logger = pino({ level: "silent" });
const tenantId = "a0000000-0000-4000-8000-000000000001";
let kafka: TestKafka;
let bus: EventBus;
let groups = 0;
const consumers: EventConsumer[] = [];

beforeAll(async () => {
  kafka = await startTestKafka();
  bus = kafkaBus({ brokers: [kafka.brokers], clientId: "test", logger, timeoutMs: 10_000 });
}, 180_000);
afterEach(async () => {
  await Promise.all(consumers.splice(0).map((consumer) => consumer.stop()));
});
afterAll(async () => {
  await bus?.close();
  await kafka?.stop();
});

let events = 0;
function failure(conversationId: string): BookingEvent {
  const value = { attemptId: "", reason: "calendar_failed_after_confirm", cause: "", wanted: "", requested: undefined };
  return {
    eventId: `event-${++events}`,
    tenantId,
    cid: `cid-${events}`,
    conversationId,
    occurredAt: undefined,
    kind: { $case: "failed", value },
  };
}

/** Consumes only what this test published: the topic is everybody's. */
function consume(groupId: string, handlers: Partial<MessageHandlers>, stuckAfterMs?: number): EventConsumer {
  const consumer = startEventConsumer({
    ...{ brokers: [kafka.brokers], clientId: "test", logger, groupId },
    handle: handlers.handle ?? (async () => undefined),
    park: handlers.park ?? (async () => undefined),
    ...(stuckAfterMs === undefined ? {} : { stuckAfterMs }),
  });
  consumers.push(consumer);
  return consumer;
}
const newGroup = () => `group-${++groups}`;

test("what was handled is committed: the next member of the group begins behind it", async () => {
  const groupId = newGroup();
  const [first, second] = [failure("one"), failure("one")];
  const seen: string[] = [];
  const handle = async ({ eventId }: BookingEvent) => void seen.push(eventId);
  await bus.publish(first);
  const consumer = consume(groupId, { handle });
  await eventually("the first", () => seen.includes(first.eventId), 30_000);
  await consumer.stop();
  seen.length = 0;
  await bus.publish(second);
  consume(groupId, { handle });
  await eventually("the second", () => seen.includes(second.eventId), 30_000);
  expect(seen).toEqual([second.eventId]);
});

test("an event whose handler fails is tried again until it is handled, before the next of its conversation", async () => {
  const [first, second] = [failure("two"), failure("two")];
  await bus.publish(first);
  await bus.publish(second);
  const handled: string[] = [];
  let failures = 0;
  consume(newGroup(), {
    async handle({ eventId }) {
      if (eventId === first.eventId && failures < 3) {
        failures++;
        throw new BookproofError("unavailable");
      }
      handled.push(eventId);
    },
  });
  await eventually("the second", () => handled.includes(second.eventId), 30_000);
  expect(failures).toBe(3);
  expect(handled.filter((id) => [first.eventId, second.eventId].includes(id))).toEqual([first.eventId, second.eventId]);
});

test("an event that is not handled when its consumer stops is handled by the next one", async () => {
  const groupId = newGroup();
  const event = failure("three");
  await bus.publish(event);
  let tries = 0;
  const consumer = consume(groupId, {
    async handle({ eventId }) {
      if (eventId !== event.eventId) return;
      tries++;
      throw new Error("the database is away");
    },
  });
  await eventually("a few tries", () => tries > 1, 30_000);
  await consumer.stop();
  const seen: string[] = [];
  consume(groupId, { handle: async ({ eventId }) => void seen.push(eventId) });
  await eventually("it is handled", () => seen.includes(event.eventId), 30_000);
});

test("an event that its handler refuses as invalid is parked once that is durable, and the one behind it is handled", async () => {
  const [refused, next] = [failure("four"), failure("four")];
  await bus.publish(refused);
  await bus.publish(next);
  const parked: PoisonEvent[] = [];
  const handled: string[] = [];
  let parkFailures = 0;
  consume(newGroup(), {
    async handle({ eventId }) {
      if (eventId === refused.eventId) throw new BookproofError("invalid_argument", "cid: is not valid.");
      handled.push(eventId);
    },
    async park(poison) {
      if (parkFailures++ === 0) throw new Error("the database is away");
      parked.push(poison);
    },
  });
  await eventually("the next", () => handled.includes(next.eventId), 30_000);
  expect(parked).toEqual([
    expect.objectContaining({
      topic: "booking-failed",
      key: `${tenantId}:four`,
      tenantId,
      headers: expect.objectContaining({ event_id: refused.eventId }),
    }),
  ]);
  expect(parkFailures).toBe(2);
});

test("a consumer whose handler hangs has failed; one that waits, idles or keeps trying has not", async () => {
  const event = failure("five");
  await bus.publish(event);
  const hanging = consume(
    newGroup(),
    { handle: ({ eventId }) => (eventId === event.eventId ? new Promise(() => undefined) : Promise.resolve()) },
    900,
  );
  let tries = 0;
  const trying = consume(
    newGroup(),
    {
      async handle({ eventId }) {
        if (eventId !== event.eventId) return;
        tries++;
        throw new Error("the database is away");
      },
    },
    6_000,
  );
  const idle = consume(newGroup(), {}, 3_000);
  const failures: string[] = [];
  void trying.failed.then(() => failures.push("trying"));
  void idle.failed.then(() => failures.push("idle"));
  expect((await hanging.failed).message).toMatch(/does not move on in partition \d/);
  await eventually("many tries", () => tries > 9, 30_000);
  expect(failures).toEqual([]);
});

test("a broker that hangs: publishing is given up in time, and nobody counts as stuck", async () => {
  const hasty = kafkaBus({ brokers: [kafka.brokers], clientId: "test", logger, timeoutMs: 700 });
  const seen: string[] = [];
  const consumer = consume(newGroup(), { handle: async ({ eventId }) => void seen.push(eventId) }, 600);
  const before = failure("six");
  await bus.publish(before);
  await eventually("it consumes", () => seen.includes(before.eventId), 30_000);
  let failed = false;
  void consumer.failed.then(() => {
    failed = true;
  });
  kafka.hang();
  const began = performance.now();
  for (let n = 0; n < 3; n++) await expect(hasty.publish(failure("six"))).rejects.toThrow("within 700 ms");
  expect(performance.now() - began).toBeLessThan(4_000);
  kafka.goOn();
  await hasty.close();
  expect(failed).toBe(false);
});

test("killed and started again, the broker has what it acknowledged, and bus and consumer go on by themselves", async () => {
  const groupId = newGroup();
  const [before, after] = [failure("seven"), failure("seven")];
  await bus.publish(before);
  await kafka.kill();
  const seen: string[] = [];
  // Begun while there is no broker.
  consume(groupId, { handle: async ({ eventId }) => void seen.push(eventId) });
  await expect(bus.publish(failure("seven"))).rejects.toThrow();
  await kafka.restart();
  await eventually(
    "a publish that is taken",
    () =>
      bus.publish(after).then(
        () => true,
        () => false,
      ),
    30_000,
  );
  await eventually("both events", () => seen.includes(before.eventId) && seen.includes(after.eventId), 30_000);
});
