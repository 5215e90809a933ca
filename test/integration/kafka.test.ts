import { bookingFailedTopic, decodeBookingEvent } from "@bookproof/events";
import { eventually, startTestKafka, type TestKafka } from "@bookproof/testing";
import { afterAll, afterEach, beforeAll, expect, jest, test } from "@jest/globals";
import { Kafka, KafkaJSError, type KafkaMessage, logLevel } from "kafkajs";
import { adminToken, type InProcessWorld, startInProcessWorld } from "../support/in-process-world.ts";
import { flowOf, reachSummary, untilNeedsHuman } from "../support/journeys.ts";
import { clinic, clinicId, clinicOwner, clinicPhone, googleCalendar } from "../support/tenants.ts";

// faults.md: Kafka down, slow, consumer stuck → direct call within 5 s; duplicates, reorders → one alert.
jest.setTimeout(60_000);

const calendarId = "smith@group.calendar.google.com";
/** What the owner may wait at most, with room for a busy test machine. */
const ownerWaitsMs = 5_000 + 2_000;

let kafka: TestKafka;
let world: InProcessWorld;
let client: Kafka;
/** What the notifier is given when it starts. */
let brokersOfNotifier: string[] = [];
const seen: { message: KafkaMessage; partition: number }[] = [];
const closers: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  kafka = await startTestKafka();
  closers.push(kafka.stop);
  const google = googleCalendar("cal-smith", "Dr. Smith", calendarId);
  brokersOfNotifier = [kafka.brokers];
  world = await startInProcessWorld({
    tenants: [clinic(google)],
    env: { KAFKA_BROKERS: kafka.brokers },
    configure: { notifier: (config) => ({ ...config, kafkaBrokers: brokersOfNotifier }) },
  });
  closers.push(world.close);
  client = new Kafka({
    brokers: [kafka.brokers],
    logLevel: logLevel.NOTHING,
    retry: { maxRetryTime: 1_000, retries: 30 },
  });
  await untilJoined();
  const reader = client.consumer({ groupId: "test-reader", maxWaitTimeInMs: 200 });
  closers.push(reader.disconnect);
  await reader.connect();
  await reader.subscribe({ topic: bookingFailedTopic, fromBeginning: true });
  await reader.run({ eachMessage: async ({ message, partition }) => void seen.push({ message, partition }) });
}, 180_000);
afterEach(() => world.google.faults.clear());
afterAll(async () => {
  for (const close of closers.reverse()) await close();
}, 30_000);

async function withAdmin<T>(work: (admin: ReturnType<Kafka["admin"]>) => Promise<T>): Promise<T> {
  const admin = client.admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}

const untilJoined = () =>
  eventually(
    "the notifier is in its group",
    () =>
      withAdmin(async (admin) => {
        const [group] = (await admin.describeGroups(["notifier"])).groups;
        return group?.state === "Stable" && group.members.length === 1;
      }).catch(() => false),
    30_000,
  );

/** A broker that hung has lost its groups for a moment: what Kafka calls retriable is looked at again. */
function notYet(error: unknown): false {
  if (error instanceof KafkaJSError && error.retriable) return false;
  throw error;
}

/** Waits until the notifier has committed everything that was published. */
const untilConsumed = () =>
  eventually(
    "every event is consumed",
    () =>
      withAdmin(async (admin) => {
        const ends = await admin.fetchTopicOffsets(bookingFailedTopic);
        const [group] = await admin.fetchOffsets({ groupId: "notifier", topics: [bookingFailedTopic] });
        const committed = new Map(group?.partitions.map(({ partition, offset }) => [partition, offset]));
        return ends.every(({ partition, high }) => high === "0" || committed.get(partition) === high);
      }).catch(notYet),
    20_000,
  );

async function produce(messages: { key: string; value: Buffer; headers?: Record<string, string> }[]): Promise<void> {
  const producer = client.producer();
  await producer.connect();
  await producer.send({ topic: bookingFailedTopic, messages });
  await producer.disconnect();
}

let customers = 0;
/** A customer who waits to CONFIRM. */
async function customerAtSummary(): Promise<string> {
  const customer = `+1555124${String(++customers).padStart(4, "0")}`;
  await reachSummary(world, customer, clinicPhone, "book me tomorrow morning");
  return customer;
}

/** CONFIRM, which the calendar refuses. @returns what the owner was told, and how many milliseconds after the customer's text. */
async function failConfirm(customer: string): Promise<{ alert: string; afterMs: number }> {
  world.google.faults.add({
    kind: "fail-before",
    match: { method: "POST", path: "/events" },
    status: 403,
    code: "forbidden",
  });
  const confirmedAt = performance.now();
  await world.text(customer, clinicPhone, "CONFIRM");
  const alert = await eventually(`an alert about ${customer}`, () => alertsAbout(customer)[0], 20_000);
  return { alert, afterMs: performance.now() - confirmedAt };
}

const alertsAbout = (customer: string) => world.received(clinicOwner).filter((body) => body.includes(customer));

/** How the notifier got the event of a customer's failure: by its own word, or because booking called. */
const arrivedVia = (customer: string): Promise<string> =>
  eventually(
    `an acknowledgement of ${customer}'s event`,
    async () => {
      const eventIds = seen.flatMap(({ message }) => eventOf(customer, message)?.eventId ?? []);
      const { rows } = await world.database.query(
        "SELECT via FROM booking.event_acknowledgements WHERE event_id = ANY ($1::uuid[])",
        [eventIds],
      );
      return rows[0]?.via;
    },
    20_000,
  );

function eventOf(customer: string, { value }: KafkaMessage) {
  try {
    const event = decodeBookingEvent(value);
    return event.kind?.$case === "failed" && event.kind.value.requested?.customerPhone === customer ? event : undefined;
  } catch {
    return undefined;
  }
}

const recordOf = (customer: string) => seen.find(({ message }) => eventOf(customer, message))?.message;

const conversationOf = async (customer: string): Promise<{ id: string; correlation_id: string }> =>
  (
    await world.database.query("SELECT id, correlation_id FROM agent.conversations WHERE customer_phone = $1", [
      customer,
    ])
  ).rows[0];

test("a failed CONFIRM reaches the owner through Kafka, keyed by its conversation, with the journey's cid", async () => {
  const customer = await customerAtSummary();
  const { alert, afterMs } = await failConfirm(customer);
  expect(alert).toContain("calendar_failed_after_confirm");
  expect(afterMs).toBeLessThan(4_000);
  const message = await eventually("its message", () => recordOf(customer));
  expect(await arrivedVia(customer)).toBe("kafka");
  const { id, correlation_id: cid } = await conversationOf(customer);
  expect(message.key?.toString()).toBe(`${clinicId}:${id}`);
  expect(message.headers?.cid?.toString()).toBe(cid);
  expect(message.headers?.event_type?.toString()).toBe("booking.failed");
  expect(message.headers?.baggage?.toString()).toBe(`cid=${cid}`);
  await untilNeedsHuman(world, customer);
});

test("a booking is told without Kafka", async () => {
  const customer = await customerAtSummary();
  expect(await world.ask(customer, clinicPhone, "CONFIRM")).toMatch(/all set/);
  expect(recordOf(customer)).toBeUndefined();
});

test("an event that comes again, at once and after a later booking, is one alert and undoes nothing", async () => {
  const customer = await customerAtSummary();
  await failConfirm(customer);
  const { key, value } = await eventually("its message", () => recordOf(customer));
  if (!key || !value) throw new Error("the message has no key or no value");
  const again = { key: key.toString(), value };
  await produce([again, again, again]);
  await untilConsumed();

  const { correlation_id: cid } = await conversationOf(customer);
  await untilNeedsHuman(world, customer);
  const resolved = await fetch(`${world.gatewayUrl}/api/conversations/resolve`, {
    method: "POST",
    headers: { authorization: `Bearer ${adminToken}`, "content-type": "application/json" },
    body: JSON.stringify({ cid }),
  });
  expect(resolved.status).toBe(200);
  world.google.faults.clear();
  await world.ask(customer, clinicPhone, "book me tomorrow morning");
  expect(await world.ask(customer, clinicPhone, "1")).toMatch(/Reply CONFIRM/);
  expect(await world.ask(customer, clinicPhone, "CONFIRM")).toMatch(/all set/);
  const said = world.received(customer).length;
  await produce([again, again]);
  await untilConsumed();
  expect(alertsAbout(customer)).toHaveLength(1);
  expect(world.received(customer)).toHaveLength(said);
  expect((await flowOf(world, customer)).conversations[0]).toMatchObject({ stage: "BOOKED", needsHuman: false });
  const { rows } = await world.database.query(
    "SELECT a.status FROM booking.appointments a JOIN booking.appointment_holds h ON h.id = a.hold_id WHERE h.patient_phone = $1 ORDER BY a.created_at",
    [customer],
  );
  expect(rows).toEqual([{ status: "failed" }, { status: "confirmed" }]);
});

test("a message that is no event is parked with its bytes and told to the owner; the one behind it is handled", async () => {
  const customer = await customerAtSummary();
  const { id } = await conversationOf(customer);
  const poison = Buffer.from([0xff, 0x00, 0x42]);
  const before = world.received(clinicOwner).length;
  await produce([
    { key: `${clinicId}:${id}`, value: poison, headers: { event_id: "none", odd: "a\u0000b" } },
    { key: `c0000000-0000-0000-0000-000000000003:${id}`, value: poison },
  ]);
  const told = await eventually("the owner hears of it", () => world.received(clinicOwner)[before]);
  expect(told).toContain("booking_outcome_unknown");
  await failConfirm(customer);
  expect(await arrivedVia(customer)).toBe("kafka");
  await untilConsumed();
  const { rows } = await world.database.query(
    "SELECT tenant_id, topic, message_key, headers, value, error FROM notifier.parked_events ORDER BY tenant_id NULLS LAST",
  );
  const parked = { topic: "booking-failed", value: poison, error: "The bytes are no booking event." };
  expect(rows).toEqual([
    { tenant_id: clinicId, message_key: `${clinicId}:${id}`, headers: { event_id: "none", odd: "ab" }, ...parked },
    { tenant_id: null, message_key: `c0000000-0000-0000-0000-000000000003:${id}`, headers: {}, ...parked },
  ]);
  expect(world.received(clinicOwner)).toHaveLength(before + 2);
});

test("a broker that hangs: booking calls within 5 s, and once it goes on there is no second alert", async () => {
  const customer = await customerAtSummary();
  kafka.hang();
  const { afterMs } = await failConfirm(customer);
  kafka.goOn();
  expect(afterMs).toBeLessThan(ownerWaitsMs);
  await untilConsumed();
  expect(alertsAbout(customer)).toHaveLength(1);
});

test("a broker killed: booking calls within 5 s; once it is back it carries events again, and none was lost", async () => {
  const [unread, duringOutage, after] = [
    await customerAtSummary(),
    await customerAtSummary(),
    await customerAtSummary(),
  ];
  // Published while nobody consumes: the broker alone has it when it is killed.
  await world.stop("notifier");
  world.google.faults.add({
    kind: "fail-before",
    match: { method: "POST", path: "/events" },
    status: 403,
    code: "forbidden",
  });
  await world.text(unread, clinicPhone, "CONFIRM");
  await eventually("the event is published", () => recordOf(unread));
  await kafka.kill();
  await world.start("notifier");

  const { afterMs } = await failConfirm(duringOutage);
  expect(afterMs).toBeLessThan(ownerWaitsMs);
  await kafka.restart();
  await untilJoined();
  await failConfirm(after);
  expect(await arrivedVia(after)).toBe("kafka");
  await eventually("the alert of the unread one", () => alertsAbout(unread)[0]);
  await untilConsumed();
  for (const customer of [unread, duringOutage, after]) expect(alertsAbout(customer)).toHaveLength(1);
});

test("a consumer that takes nothing: booking calls within 5 s; when one catches up there is no second alert", async () => {
  const customer = await customerAtSummary();
  await world.stop("notifier");
  brokersOfNotifier = [];
  await world.start("notifier");
  const { afterMs } = await failConfirm(customer);
  expect(afterMs).toBeLessThan(ownerWaitsMs);
  expect(await arrivedVia(customer)).toBe("call");
  await world.stop("notifier");
  brokersOfNotifier = [kafka.brokers];
  await world.start("notifier");
  await untilConsumed();
  expect(alertsAbout(customer)).toHaveLength(1);
});
