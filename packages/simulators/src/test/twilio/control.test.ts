import { appendFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { startTwilioSimulator } from "../../index.ts";
import { ACCOUNT, CUSTOMER, OURS, twilioClient } from "./client.ts";
import { startReceiver } from "./webhook-receiver.ts";

const json = (body: object) => ({
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});

describe("the Twilio simulator's control routes and ledger file", () => {
  test("accepts any credentials while no account is declared, and signs with those it saw", async () => {
    const sim = await startTwilioSimulator({ accounts: [] });
    await twilioClient(sim.url, ACCOUNT).messages.create({ to: CUSTOMER, from: OURS, body: "x" });
    await expect(sim.sendInbound({ from: CUSTOMER, to: OURS, body: "y", post: false })).resolves.toBeDefined();
    await fetch(`${sim.url}/_sim/accounts`, json({ ...ACCOUNT, authToken: "changed" }));
    await expect(twilioClient(sim.url, ACCOUNT).messages.list()).rejects.toMatchObject({ status: 401 });
    await sim.close();
  });

  test("takes an inbound text over HTTP and shows it in the ledger", async () => {
    const receiver = await startReceiver();
    const sim = await startTwilioSimulator({ accounts: [ACCOUNT] });
    await fetch(`${sim.url}/_sim/webhook`, json({ url: `${receiver.url}/sms` }));
    const answer = await (
      await fetch(`${sim.url}/_sim/inbound`, json({ from: CUSTOMER, to: OURS, body: "hi" }))
    ).json();
    expect(answer).toMatchObject({ status: 204 });
    const inbound = await (
      await fetch(`${sim.url}/_sim/messages?direction=inbound&to=${encodeURIComponent(OURS)}`)
    ).json();
    expect(inbound).toMatchObject({ messages: [{ body: "hi", acceptedAt: expect.any(Number) }] });
    expect((await fetch(`${sim.url}/_sim/inbound`, json({ from: CUSTOMER }))).status).toBe(400);
    await sim.close();
    await receiver.close();
  });

  test("lists a message only after the lag it was told", async () => {
    let clock = Date.now();
    const sim = await startTwilioSimulator({ accounts: [ACCOUNT], listLagMs: 2_000, now: () => clock });
    const client = twilioClient(sim.url, ACCOUNT);
    const { sid } = await client.messages.create({ to: CUSTOMER, from: OURS, body: "x" });
    expect(await client.messages.list()).toEqual([]);
    expect((await client.messages(sid).fetch()).sid).toBe(sid);
    clock += 2_000;
    expect(await client.messages.list()).toHaveLength(1);
    await sim.close();
  });

  test("streams new messages as server-sent events", async () => {
    const sim = await startTwilioSimulator({ accounts: [ACCOUNT] });
    const stream = await fetch(`${sim.url}/_sim/events`);
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
    const { messageSid } = await sim.sendInbound({ from: CUSTOMER, to: OURS, body: "hi", post: false });
    let text = "";
    while (!text.includes(messageSid)) text += (await reader?.read())?.value ?? "";
    expect(text).toContain("event: message\ndata: {");
    await sim.close();
  });

  test("keeps threads and opt-outs across a restart, even after a torn last line", async () => {
    const folder = await mkdtemp(join(tmpdir(), "twilio-ledger-"));
    const ledgerFile = join(folder, "ledger.jsonl");
    const options = { accounts: [ACCOUNT], ledgerFile, delivery: { automatic: false } };
    const first = await startTwilioSimulator(options);
    await twilioClient(first.url, ACCOUNT).messages.create({ to: CUSTOMER, from: OURS, body: "one" });
    await first.sendInbound({ from: CUSTOMER, to: OURS, body: "STOP", post: false });
    await first.close();
    appendFileSync(ledgerFile, '{"kind":"message","entry":{"sid":"SM');

    const second = await startTwilioSimulator(options);
    expect(second.ledger.messages()).toEqual(first.ledger.messages());
    expect(second.ledger.optOuts()).toEqual([{ customer: CUSTOMER, number: OURS }]);
    await second.sendInbound({ from: CUSTOMER, to: OURS, body: "START", post: false });
    await second.close();

    const third = await startTwilioSimulator(options);
    expect(third.ledger.messages().map(({ body }) => body)).toEqual(["one", "STOP", "START"]);
    expect(third.ledger.optOuts()).toEqual([]);
    await third.close();
    await rm(folder, { recursive: true });
  });
});
