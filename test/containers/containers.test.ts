import { eventually } from "@bookproof/testing";
import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import { openStage, plumber, type Stage } from "../demo/stage.ts";
import { type ContainerStage, openContainerStage } from "./container-stage.ts";
import { findEngine } from "./engine.ts";
import { testImages } from "./test-images.ts";
import { testOtherImages } from "./test-other-images.ts";
import { testStops } from "./test-stops.ts";

jest.setTimeout(120_000);

const engine = await findEngine(process.env);
if (typeof engine === "string")
  process.stderr.write(
    `test/containers: ${engine}. The journeys run on local processes; what is tested of the images alone is skipped.\n`,
  );

let stage: Pick<Stage, "twilio" | "google" | "database" | "received" | "ask" | "close">;
let containers: ContainerStage | undefined;
beforeAll(async () => {
  if (typeof engine === "string") stage = await openStage({ kafka: true });
  else stage = containers = await openContainerStage(engine);
}, 300_000);
afterAll(() => stage?.close(), 120_000);

/** Leads a plumber's customer, whose calendar is Google's, up to the summary. */
async function reachSummary(customer: string): Promise<void> {
  for (const text of ["I have a leak, can you come tomorrow morning?", "1", "Bob Stone"])
    await stage.ask(customer, plumber.phone, text);
  expect(await stage.ask(customer, plumber.phone, "12 Main St")).toMatch(/Reply CONFIRM/);
}

test("a booking by text: confirmed row, calendar event, and the customer told", async () => {
  const customer = "+15551230001";
  await reachSummary(customer);
  expect(await stage.ask(customer, plumber.phone, "CONFIRM")).toMatch(/^Your appointment is all set/);
  const { rows } = await stage.database.query(
    `SELECT a.status, a.calendar_event_id AS event FROM booking.appointments a
       JOIN booking.appointment_holds h ON h.id = a.hold_id WHERE h.patient_phone = $1`,
    [customer],
  );
  expect(rows).toEqual([{ status: "confirmed", event: expect.any(String) }]);
  expect(stage.google.ledger.events().find(({ id }) => id === rows[0].event)?.status).toBe("confirmed");
  expect(stage.received(plumber.owner)).toEqual([]);
});

test("a CONFIRM that the calendar refuses: the owner is alerted through Kafka, the conversation waits for a human", async () => {
  const customer = "+15551230002";
  await reachSummary(customer);
  stage.google.faults.add({
    kind: "fail-before",
    match: { method: "POST", path: "/events" },
    status: 403,
    code: "forbidden",
  });
  expect(await stage.ask(customer, plumber.phone, "CONFIRM")).toMatch(/A human will text you shortly/);
  const alerts = () => stage.received(plumber.owner).filter((text) => text.includes(customer));
  await eventually("the owner's alert", () => alerts()[0]);
  stage.google.faults.clear();
  // Where Kafka is slow booking has called as well, and the owner was alerted once all the same.
  await eventually("the event's acknowledgement from Kafka", async () => {
    const { rows } = await stage.database.query("SELECT via FROM booking.event_acknowledgements");
    return rows.some(({ via }) => via === "kafka");
  });
  await eventually("needs_human", async () => {
    const { rows } = await stage.database.query(
      "SELECT needs_human FROM agent.conversations WHERE customer_phone = $1",
      [customer],
    );
    return rows[0]?.needs_human === true;
  });
  expect(alerts()).toHaveLength(1);
  expect(stage.google.ledger.events().filter(({ status }) => status === "confirmed")).toHaveLength(1);
});

const runningContainers = (): ContainerStage => {
  if (containers === undefined) throw new Error("the containers did not start");
  return containers;
};
if (typeof engine === "string") test.skip("the images themselves", () => undefined);
else {
  testImages(engine);
  testOtherImages(engine, runningContainers);
  testStops(engine, runningContainers);
}
