import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import twilio from "twilio";
import { startTwilioSimulator, type TwilioSimulator } from "../../index.ts";
import { eventually } from "../poll.ts";
import { ACCOUNT, CUSTOMER, OTHER, OURS, twilioClient } from "./client.ts";
import { startReceiver } from "./webhook-receiver.ts";

describe("the Twilio simulator's webhooks", () => {
  let sim: TwilioSimulator;
  let receiver: Awaited<ReturnType<typeof startReceiver>>;
  beforeEach(async () => {
    receiver = await startReceiver();
    sim = await startTwilioSimulator({
      accounts: [ACCOUNT, OTHER],
      webhookUrl: `${receiver.url}/api/twilio/sms`,
      fallbackUrl: `${receiver.url}/fallback`,
      delivery: { stepMs: 1 },
    });
  });
  afterEach(async () => {
    await sim.close();
    await receiver.close();
  });

  const statuses = (): string[] => receiver.received.map(({ form }) => form.MessageStatus ?? "");

  test("posts an inbound text signed by the account that owns the number", async () => {
    const result = await sim.sendInbound({ from: CUSTOMER, to: "+15550100002", body: "It’s me & you +1" });
    expect(result).toMatchObject({ status: 204, body: "" });
    const [request] = receiver.received;
    expect(request?.form).toMatchObject({
      MessageSid: result.messageSid,
      AccountSid: OTHER.sid,
      From: CUSTOMER,
      To: "+15550100002",
      Body: "It’s me & you +1",
      NumMedia: "0",
    });
    const url = `${receiver.url}/api/twilio/sms`;
    const { signature = "", form = {} } = request ?? {};
    expect(twilio.validateRequest(OTHER.authToken, signature, url, form)).toBe(true);
    expect(twilio.validateRequest(ACCOUNT.authToken, signature, url, form)).toBe(false);
    expect(twilio.validateRequest(OTHER.authToken, signature, url, { ...form, Body: "other" })).toBe(false);
  });

  test("posts a text again under its sid without a second ledger entry", async () => {
    const first = await sim.sendInbound({ from: CUSTOMER, to: OURS, body: "CONFIRM" });
    const again = { from: CUSTOMER, to: OURS, body: "CONFIRM", messageSid: first.messageSid };
    await Promise.all([sim.sendInbound(again), sim.sendInbound(again)]);
    expect(receiver.received.map(({ form }) => form.MessageSid)).toEqual(Array(3).fill(first.messageSid));
    expect(sim.ledger.messages({ direction: "inbound" })).toHaveLength(1);
  });

  test("takes the texts of a TwiML answer as replies", async () => {
    receiver.answers.set("/api/twilio/sms", { status: 200, body: "<Response><Message>Thanks</Message></Response>" });
    await sim.sendInbound({ from: CUSTOMER, to: OURS, body: "hi" });
    expect(sim.ledger.messages({ direction: "outbound" })).toMatchObject([
      { direction: "outbound-reply", from: OURS, to: CUSTOMER, body: "Thanks" },
    ]);
  });

  test("tries the fallback URL once after a 5xx", async () => {
    receiver.answers.set("/api/twilio/sms", { status: 503, body: "" });
    await expect(sim.sendInbound({ from: CUSTOMER, to: OURS, body: "hi" })).resolves.toMatchObject({ status: 204 });
    expect(receiver.received.map(({ path }) => path)).toEqual(["/api/twilio/sms", "/fallback"]);
    expect(sim.ledger.webhooks().map(({ httpStatus }) => httpStatus)).toEqual([503, 204]);
  });

  test("keeps an inbound text that reached nobody, for a sweep to find", async () => {
    await receiver.close();
    const result = await sim.sendInbound({ from: CUSTOMER, to: OURS, body: "lost?" });
    expect(result.status).toBeNull();
    const found = await twilioClient(sim.url, ACCOUNT).messages.list({ to: OURS });
    expect(found.map(({ sid }) => sid)).toEqual([result.messageSid]);
  });

  test("reports sent and then delivered, signed over the exact callback URL", async () => {
    const statusCallback = `${receiver.url}/api/twilio/status?tenant=a%20b`;
    const sent = await twilioClient(sim.url, ACCOUNT).messages.create({
      to: CUSTOMER,
      from: OURS,
      body: "x",
      statusCallback,
    });
    await eventually(() => (receiver.received.length === 2 ? true : undefined));
    expect(statuses()).toEqual(["sent", "delivered"]);
    for (const { form, signature } of receiver.received) {
      expect(form.MessageSid).toBe(sent.sid);
      expect(twilio.validateRequest(ACCOUNT.authToken, signature, statusCallback, form)).toBe(true);
    }
    await eventually(() => (sim.ledger.callbacks().length === 2 ? true : undefined));
    expect(sim.ledger.callbacks().map(({ httpStatus }) => httpStatus)).toEqual([204, 204]);
    expect(sim.ledger.message(sent.sid)?.status).toBe("delivered");
  });

  test("reports a planned failure with its error code", async () => {
    sim.setDelivery({ stepMs: 1, outcomes: { [CUSTOMER]: { message: "undelivered", errorCode: 30003 } } });
    const statusCallback = `${receiver.url}/status`;
    await twilioClient(sim.url, ACCOUNT).messages.create({ to: CUSTOMER, from: OURS, body: "x", statusCallback });
    await eventually(() => (receiver.received.length === 2 ? true : undefined));
    expect(statuses()).toEqual(["sent", "undelivered"]);
    expect(receiver.received[1]?.form.ErrorCode).toBe("30003");
  });

  test("reports by hand in any order, and stays silent when callbacks are off", async () => {
    sim.setDelivery({ automatic: false });
    const statusCallback = `${receiver.url}/status`;
    const text = { to: CUSTOMER, from: OURS, body: "x", statusCallback };
    const { sid } = await twilioClient(sim.url, ACCOUNT).messages.create(text);
    await sim.reportStatus({ sid, status: "delivered" });
    await sim.reportStatus({ sid, status: "sent" });
    sim.setDelivery({ automatic: false, callbacks: false });
    await sim.reportStatus({ sid, status: "delivered" });
    expect(statuses()).toEqual(["delivered", "sent"]);
    expect(sim.ledger.message(sid)?.status).toBe("delivered");
  });

  test("reports the end of a call", async () => {
    const statusCallback = `${receiver.url}/call`;
    await twilioClient(sim.url, ACCOUNT).calls.create({
      to: CUSTOMER,
      from: OURS,
      twiml: "<Response/>",
      statusCallback,
    });
    await eventually(() => receiver.received[0]);
    expect(receiver.received[0]?.form).toMatchObject({ CallStatus: "completed" });
  });
});
