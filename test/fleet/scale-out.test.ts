import { setTimeout as sleep } from "node:timers/promises";
import { serviceNames } from "@bookproof/launcher";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type Customer, received } from "../faults/level-c/journeys/customer.ts";
import { textJourney } from "../faults/level-c/journeys/text-journey.ts";
import { attemptDeadlineMs, graceMs, judge } from "../faults/level-c/judge.ts";
import { customerSource } from "../faults/level-c/run-round.ts";
import { untilSettled } from "../faults/level-c/settle.ts";
import { type Fleet, startFleet } from "./fleet.ts";
import type { Replica } from "./replica.ts";

const settleMs = attemptDeadlineMs + graceMs;
const everybody: Customer[] = [];
let fleet: Fleet;
let newCustomer: ReturnType<typeof customerSource>;

beforeAll(async () => {
  fleet = await startFleet({ businesses: 4 });
  for (const name of serviceNames) await Promise.all([fleet.add(name), fleet.add(name)]);
  await fleet.applyTenants();
  const source = customerSource(fleet, fleet.businesses, 0);
  newCustomer = (refused) => {
    const customer = source(refused);
    everybody.push(customer);
    return customer;
  };
}, 180_000);
afterAll(() => fleet?.close(), 60_000);

const judged = () =>
  judge(fleet.source, { businesses: fleet.businesses, customers: everybody, struck: [], healedAt: Date.now() });
/** The calendar writes no line for what succeeds. */
const hasWorked = ({ service, lines }: Replica) =>
  service === "calendar" || lines.some((line) => line.includes("[CID:"));

test("texts of one conversation that come at once are taken in order and answered once, by whichever replica", async () => {
  const customers = Array.from({ length: 8 }, () => newCustomer(false));
  const words = ["book me tomorrow morning", "1", "Jane Roe", "thanks", "1", "see you"];
  await Promise.all(
    customers.map(async ({ phone, business }) => {
      for (const body of words) {
        const { status } = await fleet.twilio.sendInbound({ from: phone, to: business.phone, body });
        expect(status).toBe(204);
      }
    }),
  );
  expect(await untilSettled(fleet.database, settleMs)).toEqual([]);

  // Those that one turn reads have one transaction.
  const { rows } = await fleet.database.query(`
    SELECT count(*)::int AS texts, count(*) FILTER (WHERE read_at IS NULL)::int AS unread,
      count(*) FILTER (WHERE read_at < before AND turn <> turn_before)::int AS overtaken
    FROM (SELECT read_at, lag(read_at) OVER conversation AS before, xmin::text AS turn, lag(xmin::text) OVER conversation AS turn_before
      FROM agent.inbound_messages
      WINDOW conversation AS (PARTITION BY tenant_id, conversation_id ORDER BY received_at, message_sid)) AS texts`);
  expect(rows).toEqual([{ texts: customers.length * words.length, overtaken: 0, unread: 0 }]);
  for (const customer of customers) {
    const texts = received(customer);
    expect(texts.length).toBeGreaterThan(0);
    expect(texts.length).toBeLessThanOrEqual(words.length);
  }
  const sent = await fleet.database.query("SELECT count(*)::int AS count FROM notifier.messages");
  expect(fleet.twilio.ledger.messages({ direction: "outbound" })).toHaveLength(sent.rows[0].count);
}, 120_000);

test("every replica takes part, and what one leaves behind when it is killed the others end, each thing once", async () => {
  const journeys = Array.from({ length: 16 }, async (_, index) => {
    await sleep(index * 400);
    await textJourney(newCustomer(index % 4 === 3));
  });
  const losses = serviceNames.map(async (name, index) => {
    await sleep(2_500 + index * 1_200);
    const [lost] = fleet.replicasOf(name);
    if (lost) await fleet.kill(lost);
    await fleet.add(name);
    return lost;
  });
  const lost = await Promise.all(losses);
  await Promise.all(journeys);
  expect(await untilSettled(fleet.database, settleMs)).toEqual([]);

  const { violations, counts } = await judged();
  expect(violations).toEqual([]);
  const total = (count: (one: (typeof counts)[number]) => number) => counts.reduce((sum, one) => sum + count(one), 0);
  expect(total((one) => one.escalated)).toBeGreaterThanOrEqual(1);
  expect(total((one) => one.booked)).toBeGreaterThanOrEqual(8);
  const working = serviceNames.map((name) => {
    const replicas = [...lost.filter((one) => one?.service === name), ...fleet.replicasOf(name)];
    return [name, replicas.filter((one) => one && hasWorked(one)).length >= 2];
  });
  expect(Object.fromEntries(working)).toEqual(Object.fromEntries(serviceNames.map((name) => [name, true])));
}, 180_000);
