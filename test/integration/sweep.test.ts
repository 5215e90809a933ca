import { eventually } from "@bookproof/testing";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type InProcessWorld, startInProcessWorld } from "../support/in-process-world.ts";
import { flowOf, reachSummary } from "../support/journeys.ts";
import { clinic, clinicPhone, plumber, plumberPhone } from "../support/tenants.ts";

let world: InProcessWorld;
beforeAll(async () => {
  world = await startInProcessWorld({
    tenants: [clinic(), plumber()],
    configure: {
      notifier: (config) => {
        const { times } = config;
        return { ...config, times: { ...times, sweep: { ...times.sweep, everyMs: 300, leaveMs: 1_000 } } };
      },
    },
  });
}, 60_000);
afterAll(() => world.close());

/** A text of which no webhook told us. */
const missed = (from: string, to: string, body: string) => world.twilio.sendInbound({ from, to, body, post: false });

test("a text that no webhook told us of is answered, once, also where its webhook comes late", async () => {
  const customer = "+15551250001";
  const { messageSid } = await missed(customer, clinicPhone, "book me tomorrow morning");
  // The notifier learns of a tenant that was just applied within ten seconds.
  expect(await eventually("the openings", () => world.received(customer)[0], 20_000)).toMatch(/1\) /);
  const late = await world.twilio.sendInbound({ from: customer, to: clinicPhone, body: "", messageSid });
  expect(late.status).toBe(204);
  expect(await world.ask(customer, clinicPhone, "2")).toMatch(/your name/i);
  expect(world.received(customer)).toHaveLength(2);
}, 40_000);

test("a CONFIRM that was missed is booked with its proof", async () => {
  const customer = "+15551250002";
  await reachSummary(world, customer, clinicPhone, "book me tomorrow afternoon");
  await missed(customer, clinicPhone, "CONFIRM");
  await eventually("the confirmation", () => world.received(customer).some((body) => /all set/.test(body)));
  const booked = async () => (await flowOf(world, customer)).conversations[0]?.stage === "BOOKED";
  await eventually("the booked stage", booked);
});

test("a STOP that was missed is recorded as of when it was sent: a START since then stands", async () => {
  const [customer, other] = ["+15551250003", "+15551250004"];
  await missed(customer, clinicPhone, "STOP");
  await missed(other, clinicPhone, "STOP");
  // A second later by Twilio's clock, and known to us before the STOP is.
  await eventually("the next second", () => new Date().getMilliseconds() > 500);
  await world.text(other, clinicPhone, "START");
  const optedOut = async (phone: string) =>
    (await world.database.query("SELECT opted_out FROM notifier.opt_outs WHERE phone_e164 = $1", [phone])).rows[0]
      ?.opted_out;
  await eventually("the opt-out", async () => (await optedOut(customer)) === true);
  await eventually("the other's STOP", async () => {
    const { rows } = await world.database.query("SELECT 1 FROM agent.inbound_messages WHERE from_e164 = $1", [other]);
    return rows.length === 2;
  });
  expect(await world.ask(other, clinicPhone, "hi")).toMatch(/Smile Dental/);
  expect(await optedOut(other)).toBe(false);
});

test("each business sweeps its own numbers", async () => {
  const customer = "+15551250005";
  await missed(customer, plumberPhone, "hi");
  expect(await eventually("the answer", () => world.received(customer)[0])).toMatch(/Harbor Plumbing/);
  const { rows } = await world.database.query("SELECT to_e164 FROM agent.inbound_messages WHERE from_e164 = $1", [
    customer,
  ]);
  expect(rows).toEqual([{ to_e164: plumberPhone }]);
});
