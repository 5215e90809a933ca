import { once } from "node:events";
import { request } from "node:http";
import { eventually } from "@bookproof/testing";
import { afterEach, expect, test } from "@jest/globals";
import { type OverloadLimits, overloadLimits } from "../config.ts";
import type { ToolName } from "../domain/vapi/tool-names.ts";
import { clinicBearer, functionCall, goodArguments, postVapi, seedBody, toolCallsBody, toolUrl } from "./post-vapi.ts";
import { bootstrapToken, postSigned, smsForm, startGateway, type TestGateway } from "./start-gateway.ts";
import { goodAnswers } from "./voice-stand-in.ts";

/** A refusal that took longer has waited for something: what it could wait for takes as long as the test. */
const atOnceMs = 2_000;

let gateway: TestGateway;
let open: () => void = () => undefined;
let opened: Promise<void>;
afterEach(async () => {
  open();
  await gateway.stop();
});

/** A gateway behind which every availability check and every code waits for `open`. */
async function startStuck(overload: Partial<OverloadLimits>): Promise<void> {
  gateway = await startGateway({ overload });
  opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  const { answers } = gateway.world.voice;
  answers.checkAvailability = (request) => opened.then(() => goodAnswers.checkAvailability(request));
  answers.verifyOtpCode = (request) => opened.then(() => goodAnswers.verifyOtpCode(request));
}

const seed = (tool: ToolName) => postVapi(gateway, toolUrl(tool), seedBody(goodArguments[tool]));
const vapi = (tool: ToolName) =>
  postVapi(gateway, toolUrl(tool), toolCallsBody([functionCall("a", tool, goodArguments[tool])]));
const askedFor = (rpc: string) => gateway.world.voice.asked.filter((one) => one.rpc === rpc).length;
const oneRuns = { running: 1, waiting: 0, patienceMs: 10_000 };

async function timed<T>(work: Promise<T>): Promise<{ answer: T; ms: number }> {
  const began = performance.now();
  return { answer: await work, ms: performance.now() - began };
}

test("beyond the limit a tool is refused at once in words that can be spoken, and the running one finishes", async () => {
  await startStuck({ tools: oneRuns });
  const running = seed("check_availability");
  await eventually("one runs", () => askedFor("checkAvailability") === 1);

  const bySeed = await timed(seed("reserve_atomic"));
  expect(bySeed.answer.status).toBe(200);
  const { toolResult, speech } = bySeed.answer.body as { toolResult: { content: string }; speech: string };
  expect(JSON.parse(toolResult.content)).toEqual({
    success: false,
    error: "Too busy right now, try again shortly.",
  });
  expect(speech).toBe("I'm sorry, no time is held. Please call us again in a few minutes.");
  const byVapi = await timed(vapi("reserve_atomic"));
  expect([byVapi.answer.status, byVapi.answer.body]).toMatchObject([
    200,
    { results: [{ toolCallId: "a", error: expect.stringMatching(/^NOT BOOKED: no time is held\. Too busy/) }] },
  ]);
  expect(Math.max(bySeed.ms, byVapi.ms)).toBeLessThan(atOnceMs);

  open();
  expect((await running).body).toMatchObject({ speech: "We have availability at 10 AM..." });
  expect([askedFor("reserveAtomic"), gateway.world.alerts]).toEqual([0, []]);
});

test("a CONFIRM does not wait behind look-ups; one that is refused is brought to the owner as not booked", async () => {
  await startStuck({ tools: oneRuns, confirmTools: oneRuns });
  const running = [seed("check_availability"), seed("verify_otp")];
  await eventually("both run", () => askedFor("checkAvailability") === 1 && askedFor("verifyOtpCode") === 1);
  const refused = await vapi("verify_otp");
  expect(refused.body).toMatchObject({
    results: [{ error: expect.stringMatching(/^NOT BOOKED: .* A human will follow up with you shortly\.$/) }],
  });
  expect(gateway.world.alerts).toMatchObject([{ reason: "booking_failed_after_confirm" }]);
  open();
  expect((await Promise.all(running)).map(({ status }) => status)).toEqual([200, 200]);
});

test("a queued tool whose caller hung up never runs, and its place is free", async () => {
  await startStuck({ tools: { ...oneRuns, waiting: 1 } });
  const running = seed("check_availability");
  await eventually("one runs", () => askedFor("checkAvailability") === 1);
  const caller = request(gateway.url + toolUrl("reserve_atomic"), {
    method: "POST",
    headers: { "content-type": "application/json", ...clinicBearer },
  }).on("error", () => undefined);
  caller.end(JSON.stringify(seedBody(goodArguments.reserve_atomic)));
  await once(caller, "finish");
  await hasCaughtUp();
  expect(JSON.stringify((await seed("send_otp_code")).body)).toContain("Too busy");

  const closed = new Promise((resolve) => caller.once("close", resolve));
  caller.destroy();
  await closed;
  await hasCaughtUp();
  const next = seed("send_otp_code");
  await hasCaughtUp();
  open();
  expect((await running).status).toBe(200);
  expect((await next).body).toMatchObject({ speech: "Code sent to your phone" });
  expect(askedFor("reserveAtomic")).toBe(0);
});

/** What reached the gateway's sockets before has been handled when these are answered. */
async function hasCaughtUp(): Promise<void> {
  for (let round = 0; round < 5; round++) await gateway.call("GET", "/livez");
}

test("a tool that has queued for too long is refused, and not run later", async () => {
  await startStuck({ tools: { running: 1, waiting: 5, patienceMs: 100 } });
  const running = seed("check_availability");
  await eventually("one runs", () => askedFor("checkAvailability") === 1);
  expect((await vapi("reserve_atomic")).body).toMatchObject({
    results: [{ error: expect.stringContaining("Too busy") }],
  });
  open();
  await running;
  expect(askedFor("reserveAtomic")).toBe(0);
});

test("two thousand reservations at once are queued, no more than the limit are with the agent, and all are answered", async () => {
  await startStuck({});
  const { answers } = gateway.world.voice;
  answers.reserveAtomic = (request) => opened.then(() => goodAnswers.reserveAtomic(request));
  const all = Array.from({ length: 2_000 }, () => seed("reserve_atomic"));
  await eventually("as many run as may", () => askedFor("reserveAtomic") >= overloadLimits.tools.running);
  await hasCaughtUp();
  expect(askedFor("reserveAtomic")).toBe(overloadLimits.tools.running);
  open();
  expect(new Set((await Promise.all(all)).map(({ status, body: { speech } }) => `${status} ${speech}`))).toEqual(
    new Set(["200 Perfect! I've held that time for you."]),
  );
}, 60_000);

test("webhooks and admins beyond their limit get 503 and when to come back, before anything is read; health does not", async () => {
  const none = { requests: 0, bytes: 0 };
  gateway = await startGateway({ overload: { twilio: none, vapi: none, admin: none } });
  const busy = { error: "Too busy right now, try again shortly." };
  const sms = await postSigned(gateway, "/api/twilio/sms", smsForm());
  expect([sms.status, sms.headers.get("retry-after"), await sms.json()]).toEqual([503, "5", busy]);
  const tool = await seed("reserve_atomic");
  expect([tool.status, tool.body]).toEqual([503, busy]);
  const admin = await gateway.call("GET", "/api/debug/sms-flow?cid=x", { token: bootstrapToken });
  expect([admin.status, admin.body]).toEqual([503, busy]);
  expect((await gateway.call("GET", "/readyz")).status).toBe(200);
  expect(gateway.world.received).toEqual([]);
});

test("requests that were answered, refused or cut off count no longer", async () => {
  gateway = await startGateway({ overload: { twilio: { requests: 2, bytes: 10_000 } } });
  const huge = { ...smsForm(), Body: "x".repeat(20_000) };
  for (let round = 0; round < 5; round++) {
    expect((await postSigned(gateway, "/api/twilio/sms", smsForm())).status).toBe(204);
    expect((await postSigned(gateway, "/api/twilio/sms", smsForm(), { signature: "wrong" })).status).toBe(403);
    expect((await postSigned(gateway, "/api/twilio/sms", huge)).status).toBe(503);
    const cut = new AbortController();
    const body = new ReadableStream({ start: (stream) => stream.enqueue(new TextEncoder().encode("MessageSid=")) });
    const half = { method: "POST", body, duplex: "half", signal: cut.signal } as const;
    const headers = { "content-type": "application/x-www-form-urlencoded", "content-length": "9000" };
    const cutOff = fetch(`${gateway.url}/api/twilio/sms`, { ...half, headers });
    cut.abort();
    await expect(cutOff).rejects.toThrow();
  }
  await eventually("a webhook is taken in", async () => {
    const { status } = await postSigned(gateway, "/api/twilio/sms", smsForm());
    return status === 204;
  });
});
