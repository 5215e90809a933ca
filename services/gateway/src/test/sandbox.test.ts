import { startTwilioSimulator, type TwilioSimulator } from "@bookproof/simulators";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { clinic, plumber, startGateway, type TestGateway } from "./start-gateway.ts";

const customer = "+15551230001";
let simulator: TwilioSimulator;
let gateway: TestGateway;
beforeAll(async () => {
  const accounts = [clinic, plumber].map(({ twilio, phoneNumbers }) => ({
    sid: twilio?.accountSid ?? "",
    authToken: twilio?.authToken ?? "",
    phoneNumbers,
  }));
  simulator = await startTwilioSimulator({ accounts });
  gateway = await startGateway({ simulatorUrl: simulator.url });
  simulator.setWebhookUrl(`${gateway.url}/api/twilio/sms`);
});
afterAll(async () => {
  await gateway.stop();
  await simulator.close();
});

const send = (body: unknown) => gateway.call("POST", "/sandbox/api/texts", { body });

test("the page and its files are served under a policy that allows nothing from elsewhere", async () => {
  for (const path of [
    "/sandbox",
    "/sandbox/sandbox.css",
    "/sandbox/sandbox.js",
    "/sandbox/thread.js",
    "/sandbox/journey.js",
  ]) {
    const response = await fetch(gateway.url + path);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-security-policy")).toContain("default-src 'none'; script-src 'self'");
  }
  expect(await (await fetch(gateway.url)).text()).toContain('href="/sandbox"');
});

test("the businesses are named with their numbers and owners' phones, and without a secret", async () => {
  const answer = await gateway.call("GET", "/sandbox/api/tenants");
  expect(answer.body.tenants).toContainEqual({
    id: clinic.tenantId,
    name: "Smile Dental",
    numbers: ["+15550100001"],
    ownerPhones: ["+15550100900", "+15550100901"],
  });
  expect(answer.text).not.toContain("auth-token");
});

test("a text typed on the page goes through Twilio's webhook, is announced, and shows in the thread", async () => {
  const stream = await fetch(`${gateway.url}/sandbox/api/stream`);
  expect(stream.headers.get("content-type")).toBe("text/event-stream");
  const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();

  const answer = await send({ from: customer, to: "+15550100001", body: "Book me tomorrow" });
  expect([answer.status, answer.body.status]).toEqual([200, 204]);
  expect(gateway.world.received.map((sms) => sms.body)).toEqual(["Book me tomorrow"]);

  let heard = "";
  while (!heard.includes("event: message")) heard += (await reader?.read())?.value ?? "";
  await reader?.cancel();

  const query = encodeURIComponent(`${customer},+15550100900`);
  const { body } = await gateway.call("GET", `/sandbox/api/messages?numbers=${query}`);
  expect(body.messages).toEqual([
    expect.objectContaining({ kind: "text", from: customer, to: "+15550100001", body: "Book me tomorrow" }),
  ]);
  expect((await gateway.call("GET", "/sandbox/api/messages?numbers=%2B15559990000")).body).toEqual({ messages: [] });
});

test("a text to a number that no business has is refused with the simulator's own words", async () => {
  const answer = await send({ from: customer, to: "+15559999999", body: "hello" });
  expect([answer.status, answer.body]).toEqual([400, { error: "No known account owns +15559999999" }]);
});

test("a text without a sender is refused with 400", async () => {
  const answer = await send({ to: "+15550100001", body: "hello" });
  expect([answer.status, answer.body]).toEqual([400, { error: "from: is missing." }]);
});

test("stopping does not wait for the pages that still listen", async () => {
  const other = await startGateway({ simulatorUrl: simulator.url });
  const stream = await fetch(`${other.url}/sandbox/api/stream`);
  const began = performance.now();
  await other.stop();
  expect(performance.now() - began).toBeLessThan(3_000);
  await stream.text().catch(() => "cut off");
});
