import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { startTwilioSimulator, type TwilioSimulator } from "../../index.ts";
import { ACCOUNT, CUSTOMER, OURS, twilioClient } from "./client.ts";

const TEXT = { to: CUSTOMER, from: OURS, body: "Booking failed #A7K2" };

describe("planned faults at the Twilio simulator", () => {
  let sim: TwilioSimulator;
  beforeEach(async () => {
    sim = await startTwilioSimulator({ accounts: [ACCOUNT], delivery: { automatic: false } });
  });
  afterEach(() => sim.close());

  const send = (timeoutMs?: number) => twilioClient(sim.url, ACCOUNT, timeoutMs).messages.create(TEXT);

  test("a time-out after the accept leaves the text in the ledger and in the list", async () => {
    sim.faults.add({ kind: "time-out-after", match: { path: "/Messages.json", method: "post", to: CUSTOMER } });
    await expect(send(100)).rejects.toMatchObject({ code: "ECONNABORTED" });
    const found = await twilioClient(sim.url, ACCOUNT).messages.list({ to: CUSTOMER });
    expect(found.map(({ body }) => body)).toEqual([TEXT.body]);
    expect(sim.ledger.messages()).toHaveLength(1);
  });

  test("a time-out before leaves nothing", async () => {
    sim.faults.add({ kind: "time-out-before" });
    await expect(send(100)).rejects.toMatchObject({ code: "ECONNABORTED" });
    expect(sim.ledger.messages()).toEqual([]);
  });

  test("a late time-out before answers 503 without doing it", async () => {
    sim.faults.add({ kind: "time-out-before", delayMs: 30 });
    await expect(send()).rejects.toMatchObject({ status: 503, code: 20500 });
    expect(sim.ledger.messages()).toEqual([]);
  });

  test("a failure before has Twilio's error body and strikes as often as planned", async () => {
    const { id } = sim.faults.add({ kind: "fail-before", status: 429, times: 2, match: { bodyContains: "#A7K2" } });
    for (let attempt = 0; attempt < 2; attempt += 1) {
      await expect(send()).rejects.toMatchObject({ status: 429, code: 20429, message: "Too Many Requests" });
    }
    await expect(send()).resolves.toMatchObject({ status: "queued" });
    expect(sim.faults.list()).toMatchObject([{ id, fired: 2 }]);
    const strike = { ruleId: id, method: "POST", to: TEXT.to, text: TEXT.body };
    expect(sim.faults.fired()).toMatchObject([strike, strike]);
  });

  test("a failure can name Twilio's code", async () => {
    sim.faults.add({ kind: "fail-before", status: 400, code: 21610 });
    await expect(send()).rejects.toMatchObject({ code: 21610, message: "Attempt to send to unsubscribed recipient" });
  });

  test("an error after the accept answers 5xx although it was done", async () => {
    sim.faults.add({ kind: "error-after", status: 502, times: 1 });
    await expect(send()).rejects.toMatchObject({ status: 502 });
    expect(sim.ledger.messages()).toHaveLength(1);
  });

  test.each([
    ["before", 0],
    ["after", 1],
  ] as const)("a socket dropped %s leaves %i texts", async (when, count) => {
    sim.faults.add({ kind: "drop", when, times: 1 });
    await expect(send()).rejects.toMatchObject({ code: "ECONNRESET" });
    expect(sim.ledger.messages()).toHaveLength(count);
  });

  test("a delay is late but true", async () => {
    sim.faults.add({ kind: "delay", delayMs: 80 });
    const started = performance.now();
    await expect(send()).resolves.toMatchObject({ status: "queued" });
    expect(performance.now() - started).toBeGreaterThanOrEqual(75);
  });

  test("a rule lets the first ones through when told to, and spares other requests", async () => {
    sim.faults.add({ kind: "fail-before", skip: 1, times: 1, match: { method: "POST", from: OURS } });
    await expect(send()).resolves.toMatchObject({ status: "queued" });
    await expect(twilioClient(sim.url, ACCOUNT).messages.list()).resolves.toHaveLength(1);
    await expect(send()).rejects.toMatchObject({ status: 500 });
    await expect(send()).resolves.toMatchObject({ status: "queued" });
  });

  test("a request that is refused anyway does not use an after-rule up", async () => {
    sim.faults.add({ kind: "error-after", times: 1 });
    const refused = twilioClient(sim.url, ACCOUNT).messages.create({ ...TEXT, to: "555" });
    await expect(refused).rejects.toMatchObject({ code: 21211 });
    expect(sim.faults.fired()).toEqual([]);
    await expect(send()).rejects.toMatchObject({ status: 500 });
  });

  test("rules are added, listed and cleared over HTTP, and a wrong one is refused", async () => {
    const url = `${sim.url}/_sim/faults`;
    const headers = { "content-type": "application/json" };
    const post = (rule: object) => fetch(url, { method: "POST", headers, body: JSON.stringify(rule) });
    expect((await post({ kind: "explode" })).status).toBe(400);
    expect((await post({ kind: "fail-before", status: 500 })).status).toBe(201);
    await expect(send()).rejects.toMatchObject({ status: 500 });
    expect(await (await fetch(url)).json()).toMatchObject({ rules: [{ fired: 1 }], fired: [{ kind: "fail-before" }] });
    expect((await fetch(url, { method: "DELETE" })).status).toBe(204);
    await expect(send()).resolves.toMatchObject({ status: "queued" });
  });
});
