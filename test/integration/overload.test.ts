import { createVapiCaller } from "@bookproof/simulators";
import { eventually } from "@bookproof/testing";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { DateTime } from "luxon";
import { type InProcessWorld, startInProcessWorld } from "../support/in-process-world.ts";
import {
  clinic,
  clinicPhone,
  clinicVapiSecret,
  googleCalendar,
  plumber,
  plumberOwner,
  plumberPhone,
} from "../support/tenants.ts";

/** How late Google answers, in milliseconds: within every deadline, and long enough for everything to pile up. */
const lateMs = 2_400;
const laggingTurns = 100;
const laggingCalls = 200;

let world: InProcessWorld;
beforeAll(async () => {
  const calendar = googleCalendar("cal-smith", "Dr. Smith", "smith@group.calendar.google.com");
  world = await startInProcessWorld({ tenants: [clinic(calendar), plumber()] });
}, 60_000);
afterAll(() => world.close());

const p95 = (times: number[]) => [...times].sort((a, b) => a - b)[Math.floor(times.length * 0.95)] ?? 0;
const unread = async () => {
  const { rows } = await world.database.query(
    "SELECT count(*)::int AS n FROM agent.inbound_messages WHERE read_at IS NULL AND disposition = 'accepted'",
  );
  return rows[0].n as number;
};

/** Texts the plumber one after the other. @returns what each webhook took, in milliseconds */
async function textPlumber(count: number, prefix: string): Promise<number[]> {
  const times: number[] = [];
  for (let index = 0; index < count; index++) {
    const began = performance.now();
    expect(await world.text(`${prefix}${String(index).padStart(4, "0")}`, plumberPhone, "hi")).toBe(204);
    times.push(performance.now() - began);
  }
  return times;
}

test("while turns and calls lag by the hundred, texts are taken in at once and the owner's alert does not wait behind them", async () => {
  const idle = p95(await textPlumber(20, "+1555900"));
  world.google.faults.add({ kind: "delay", delayMs: lateMs, match: { path: "freeBusy" } });
  await Promise.all(
    Array.from({ length: laggingTurns }, (_, index) =>
      world.text(`+1555910${String(index).padStart(4, "0")}`, clinicPhone, "book me a consultation tomorrow"),
    ),
  );
  const date = DateTime.now().setZone("America/New_York").plus({ days: 3 }).toISODate() ?? "";
  const calls = Array.from({ length: laggingCalls }, (_, index) =>
    createVapiCaller({
      baseUrl: world.gatewayUrl,
      credential: { bearer: clinicVapiSecret },
      dialect: "vapi",
      callerNumber: `+1555920${String(index).padStart(4, "0")}`,
      calledNumber: clinicPhone,
    }).tool("check_availability", { date }),
  );
  await eventually("calls lag", () => world.google.faults.fired().length > 60);

  const busy = p95(await textPlumber(20, "+1555930"));
  expect(await unread()).toBeGreaterThan(laggingTurns / 2);
  console.log(`intake p95: ${Math.round(idle)} ms idle, ${Math.round(busy)} ms while turns and calls lag`);
  expect(busy).toBeLessThan(lateMs);

  const customer = "+15559400001";
  expect(await world.text(customer, plumberPhone, "Cancel")).toBe(204);
  const alerted = () => world.received(plumberOwner).some((body) => body.includes(customer));
  await eventually("the owner's alert", alerted, 4_000);
  expect(await unread()).toBeGreaterThan(laggingTurns / 4);

  expect((await Promise.all(calls)).filter((answer) => answer.success)).toHaveLength(laggingCalls);
  world.google.faults.clear();
  await eventually("every turn is taken", async () => (await unread()) === 0, 30_000);
}, 120_000);
