import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { startTwilioSimulator, type TwilioSimulator } from "../../index.ts";
import { ACCOUNT, CUSTOMER, OTHER, OURS, twilioClient } from "./client.ts";

describe("the Twilio simulator's messages and calls, through the real client", () => {
  let sim: TwilioSimulator;
  beforeEach(async () => {
    sim = await startTwilioSimulator({ accounts: [ACCOUNT, OTHER], delivery: { automatic: false } });
  });
  afterEach(() => sim.close());

  test("accepts a text, answers the resource and keeps it in the ledger", async () => {
    const before = Math.floor(Date.now() / 1000) * 1000;
    const client = twilioClient(sim.url, ACCOUNT);
    const message = await client.messages.create({ to: CUSTOMER, from: OURS, body: "Hello ’ there" });
    expect(message.sid).toMatch(/^SM[0-9a-f]{32}$/);
    expect(message).toMatchObject({ status: "queued", direction: "outbound-api", numSegments: "1", price: null });
    expect(message.dateCreated.getTime()).toBeGreaterThanOrEqual(before);
    expect(sim.ledger.message(message.sid)).toMatchObject({ to: CUSTOMER, from: OURS, body: "Hello ’ there" });
    expect((await client.messages(message.sid).fetch()).body).toBe("Hello ’ there");
  });

  test.each([
    [21211, 400, { to: "555", from: OURS, body: "x" }],
    [21604, 400, { to: "", from: OURS, body: "x" }],
    [21603, 400, { to: CUSTOMER, body: "x" }],
    [21212, 400, { to: CUSTOMER, from: "555", body: "x" }],
    [21606, 400, { to: CUSTOMER, from: "+15550109999", body: "x" }],
    [21660, 400, { to: CUSTOMER, from: "+15550100002", body: "x" }],
    [21266, 400, { to: OURS, from: OURS, body: "x" }],
    [21602, 400, { to: CUSTOMER, from: OURS, body: "" }],
    [21617, 400, { to: CUSTOMER, from: OURS, body: "x".repeat(1601) }],
  ])("refuses with %i", async (code, status, params) => {
    const create = twilioClient(sim.url, ACCOUNT).messages.create(params);
    await expect(create).rejects.toMatchObject({
      code,
      status,
      moreInfo: `https://www.twilio.com/docs/errors/${code}`,
    });
    expect(sim.ledger.messages()).toEqual([]);
  });

  test("refuses a wrong token and another account's path with 20003", async () => {
    const wrongToken = twilioClient(sim.url, { sid: ACCOUNT.sid, authToken: "wrong" });
    const text = { to: CUSTOMER, from: OURS, body: "x" };
    await expect(wrongToken.messages.create(text)).rejects.toMatchObject({ status: 401, code: 20003 });
    const response = await fetch(`${sim.url}/2010-04-01/Accounts/${OTHER.sid}/Messages.json`, {
      headers: { authorization: `Basic ${Buffer.from(`${ACCOUNT.sid}:${ACCOUNT.authToken}`).toString("base64")}` },
    });
    expect(response.status).toBe(401);
  });

  test("lists what a number received, page by page, newest first, from a moment on", async () => {
    let at = Date.parse("2030-01-15T12:00:00Z");
    const timed = await startTwilioSimulator({ accounts: [ACCOUNT], now: () => at });
    for (let index = 0; index < 5; index += 1) {
      at += 60_000;
      await timed.sendInbound({ from: CUSTOMER, to: OURS, body: `text ${index}`, post: false });
    }
    const client = twilioClient(timed.url, ACCOUNT);
    await client.messages.create({ to: CUSTOMER, from: OURS, body: "an answer" });
    const since = new Date("2030-01-15T12:02:00Z");
    const listed = await client.messages.list({ to: OURS, dateSentAfter: since, pageSize: 2 });
    expect(listed.map(({ body }) => body)).toEqual(["text 4", "text 3", "text 2", "text 1"]);
    expect(listed.at(-1)).toMatchObject({ direction: "inbound", status: "received", from: CUSTOMER, dateSent: since });
    await timed.close();
  });

  test("does not send to a customer who wrote STOP, until START", async () => {
    const client = twilioClient(sim.url, ACCOUNT);
    const text = { to: CUSTOMER, from: OURS, body: "x" };
    await sim.sendInbound({ from: CUSTOMER, to: OURS, body: " stop ", post: false });
    await expect(client.messages.create(text)).rejects.toMatchObject({ status: 400, code: 21610 });
    expect(sim.ledger.refused()).toMatchObject([{ ...text, code: 21610 }]);
    await sim.sendInbound({ from: CUSTOMER, to: OURS, body: "START", post: false });
    await expect(client.messages.create(text)).resolves.toMatchObject({ status: "queued" });
  });

  test("lists by number, direction and date, newest first, and only the account's own", async () => {
    const client = twilioClient(sim.url, ACCOUNT);
    const first = await client.messages.create({ to: CUSTOMER, from: OURS, body: "one" });
    const second = await client.messages.create({ to: CUSTOMER, from: OURS, body: "two" });
    const inbound = await sim.sendInbound({ from: CUSTOMER, to: OURS, body: "three", post: false });
    await sim.sendInbound({ from: CUSTOMER, to: "+15550100002", body: "theirs", post: false });

    const toCustomer = await client.messages.list({ to: CUSTOMER });
    expect(toCustomer.map((message) => message.sid)).toEqual([second.sid, first.sid]);
    const now = new Date();
    const minute = 60_000;
    const received = await client.messages.list({ to: OURS, dateSentAfter: new Date(now.getTime() - minute) });
    expect(received.map(({ sid, direction }) => [sid, direction])).toEqual([[inbound.messageSid, "inbound"]]);
    expect(await client.messages.list({ dateSentAfter: new Date(now.getTime() + minute) })).toEqual([]);
    expect(await client.messages.list({ dateSentBefore: new Date(now.getTime() - minute) })).toEqual([]);
  });

  test("includes a message of the very second that DateSent>= names", async () => {
    const client = twilioClient(sim.url, ACCOUNT);
    const message = await client.messages.create({ to: CUSTOMER, from: OURS, body: "one" });
    const acceptedAt = sim.ledger.message(message.sid)?.acceptedAt ?? 0;
    expect(await client.messages.list({ dateSentAfter: new Date(acceptedAt) })).toHaveLength(1);
  });

  test("pages through a long list", async () => {
    for (let index = 0; index < 5; index += 1) {
      await sim.sendInbound({ from: CUSTOMER, to: OURS, body: `text ${index}`, post: false });
    }
    const all = await twilioClient(sim.url, ACCOUNT).messages.list({ pageSize: 2 });
    expect(all.map((message) => message.body)).toEqual(["text 4", "text 3", "text 2", "text 1", "text 0"]);
  });

  test("accepts a call with TwiML, and refuses one without anything to say", async () => {
    const client = twilioClient(sim.url, ACCOUNT);
    const twiml = "<Response><Say>A booking failed</Say></Response>";
    const call = await client.calls.create({ to: CUSTOMER, from: OURS, twiml });
    expect(call).toMatchObject({ status: "queued", to: CUSTOMER });
    expect((await client.calls(call.sid).fetch()).sid).toBe(call.sid);
    expect(sim.ledger.calls()).toMatchObject([{ sid: call.sid, twiml }]);
    await expect(client.calls.create({ to: CUSTOMER, from: OURS })).rejects.toMatchObject({ code: 21205 });
  });

  test("answers the account and its numbers", async () => {
    const client = twilioClient(sim.url, ACCOUNT);
    expect(await client.api.v2010.accounts(ACCOUNT.sid).fetch()).toMatchObject({ sid: ACCOUNT.sid, status: "active" });
    const numbers = await client.incomingPhoneNumbers.list();
    expect(numbers.map((number) => number.phoneNumber)).toEqual(ACCOUNT.phoneNumbers);
  });

  test("answers 20404 for a message that is unknown or another account's", async () => {
    const theirs = await sim.sendInbound({ from: CUSTOMER, to: "+15550100002", body: "theirs", post: false });
    const client = twilioClient(sim.url, ACCOUNT);
    await expect(client.messages(theirs.messageSid).fetch()).rejects.toMatchObject({ status: 404, code: 20404 });
  });
});
