import { createAdminApi } from "@bookproof/launcher/client";
import { eventually, startTestKafka, type TestKafka } from "@bookproof/testing";
import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import { adminToken, type InProcessWorld, startInProcessWorld } from "../support/in-process-world.ts";
import { plumber, plumberId } from "../support/tenants.ts";

jest.setTimeout(60_000);

let kafka: TestKafka;
let world: InProcessWorld;
let brokersOfNotifier: string[] = [];
beforeAll(async () => {
  kafka = await startTestKafka();
  brokersOfNotifier = [kafka.brokers];
  world = await startInProcessWorld({
    tenants: [plumber()],
    env: { KAFKA_BROKERS: kafka.brokers },
    configure: { notifier: (config) => ({ ...config, kafkaBrokers: brokersOfNotifier }) },
  });
}, 180_000);
afterAll(async () => {
  await world?.close();
  await kafka?.stop();
}, 30_000);

async function examine() {
  const { parts } = await createAdminApi(world.gatewayUrl, adminToken).examineTenant(plumberId);
  return (part: string, name: string) =>
    parts.find((one) => one.part === part)?.checks.find((check) => check.name === name);
}

const untilKafkaIs = (status: string) =>
  eventually(
    `Kafka is ${status}`,
    async () => {
      const check = (await examine())("booking", "Kafka");
      return check?.status === status && check;
    },
    40_000,
  );

test("a broker with the topic and somebody who consumes it is good", async () => {
  expect((await untilKafkaIs("ok")).detail).toBe("A broker answers, booking-failed exists, its consumers: 1.");
});

test("without the sandbox an address that nobody outside can call has failed", async () => {
  const find = await examine();
  expect(find("gateway", "public address")).toMatchObject({
    status: "failed",
    whatToDo: expect.stringContaining("Set PUBLIC_URL"),
  });
});

test("a notifier that consumes nothing, and a broker that is away, are named with what to do", async () => {
  await world.stop("notifier");
  brokersOfNotifier = [];
  await world.start("notifier");
  const unread = await untilKafkaIs("failed");
  expect(unread.detail).toBe("Nobody consumes booking-failed: the group notifier has no member.");
  expect(unread.whatToDo).toContain("same KAFKA_BROKERS");
  await kafka.kill();
  const away = (await examine())("booking", "Kafka");
  expect(away?.detail).toBe(`No broker answers at ${kafka.brokers}.`);
  expect(away?.whatToDo).toContain("Start Kafka");
});
