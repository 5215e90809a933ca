import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { call, postVapi, webhookUrl } from "./post-vapi.ts";
import { bootstrapToken, clinic, plumber, startGateway, type TestGateway } from "./start-gateway.ts";
import { goodAnswers } from "./voice-stand-in.ts";

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.stop());
beforeEach(() => {
  gateway.world.voice.asked.length = 0;
  gateway.world.voice.answers = { ...goodAnswers };
});

const post = (message: unknown) => postVapi(gateway, webhookUrl, { message });
const caller = {
  tenantId: clinic.tenantId,
  callId: call.id,
  callerPhone: "+15551230001",
  calledPhone: "+15550100001",
};
const apology = {
  error: "I'm sorry, our booking line is not available right now. Please call again in a few minutes.",
};

describe("an assistant-request", () => {
  test("is answered with the tenant's assistant, whose tools are at the public URL", async () => {
    const answer = await post({ type: "assistant-request", call });
    const assistant = { name: "Smile Dental", model: { provider: "openai" } };
    expect([answer.status, answer.body]).toEqual([200, { assistant }]);
    const request = { caller, baseUrl: gateway.publicUrl };
    expect(gateway.world.voice.asked).toEqual([{ rpc: "describeAssistant", request }]);
  });

  test.each<[string, () => { assistantJson: string } | Promise<never>]>([
    ["does not answer in time", () => new Promise<never>(() => {})],
    ["fails", () => Promise.reject(new Error("relation calls does not exist"))],
    ["answers no JSON", () => ({ assistantJson: "" })],
  ])(
    "is answered with words to speak when the agent %s",
    async (_how, describeAssistant) => {
      gateway.world.voice.answers.describeAssistant = describeAssistant;
      const began = performance.now();
      const answer = await post({ type: "assistant-request", call });
      expect([answer.status, answer.body]).toEqual([200, apology]);
      expect(performance.now() - began).toBeLessThan(7_500);
    },
    10_000,
  );
});

test("an assistant-request of a number that is another tenant's is answered with words to speak", async () => {
  const number = plumber.phoneNumbers[0];
  const answer = await post({ type: "assistant-request", call: { ...call, phoneNumber: { number } } });
  expect([answer.status, answer.body]).toEqual([200, apology]);
  expect(gateway.world.voice.asked).toEqual([]);
});

describe("an end-of-call-report", () => {
  const report = {
    type: "end-of-call-report",
    call,
    endedReason: "customer-ended-call",
    startedAt: "2030-01-15T10:00:00.000Z",
    endedAt: "2030-01-15T10:08:00.000Z",
    artifact: { transcript: "AI: Hi\nUser: Whitening?", recordingUrl: "https://recordings.example/1.wav" },
    analysis: { summary: "Asked about whitening.", structuredData: { sentiment: "positive\u0000" } },
  };
  const recorded = {
    caller,
    endedReason: "customer-ended-call",
    startedAt: new Date("2030-01-15T10:00:00Z"),
    endedAt: new Date("2030-01-15T10:08:00Z"),
    transcript: "AI: Hi\nUser: Whitening?",
    recordingUrl: "https://recordings.example/1.wav",
    summary: "Asked about whitening.",
    structuredDataJson: '{"sentiment":"positive"}',
  };

  test("is handed to the agent", async () => {
    const answer = await post(report);
    expect([answer.status, answer.body]).toEqual([200, {}]);
    expect(gateway.world.voice.asked).toEqual([{ rpc: "recordCallEnd", request: recorded }]);
  });

  test("of a long call, with every word's timing, is handed over too", async () => {
    const messages = Array.from({ length: 20_000 }, (_, index) => ({ role: "user", message: "yes", time: index }));
    expect((await post({ ...report, messages })).status).toBe(200);
    expect(gateway.world.voice.asked).toMatchObject([{ rpc: "recordCallEnd", request: { caller } }]);
  });

  test("of another tenant's number is 404, and without a call it is dropped", async () => {
    const stranger = { ...call, phoneNumber: { number: plumber.phoneNumbers[0] } };
    expect((await post({ ...report, call: stranger })).status).toBe(404);
    expect((await post({ ...report, call: {} })).status).toBe(200);
    expect(gateway.world.voice.asked).toEqual([]);
  });
});

describe("what asks for nothing is answered {} and stored nowhere", () => {
  test.each<[unknown]>([
    [{ type: "status-update", status: "ended", endedReason: "customer-ended-call", call }],
    [{ type: "status-update", status: "in-progress", call }],
    [{ type: "hang", call }],
    [{ type: "speech-update", status: "started", role: "user", call }],
    [{ type: "conversation-update", messages: [], call }],
    [{ type: "transcript", transcript: "hello", call }],
    [{ type: "type-of-the-future" }],
    [{}],
    [undefined],
    ["hello"],
  ])("%j", async (message) => {
    const answer = await post(message);
    expect([answer.status, answer.body]).toEqual([200, {}]);
    expect(gateway.world.voice.asked).toEqual([]);
  });

  test("but a body that is no JSON is refused with 400", async () => {
    expect((await postVapi(gateway, webhookUrl, "{message")).status).toBe(400);
  });
});

describe("the assistant for operators", () => {
  const path = (id: string) => `/api/admin/tenants/${id}/assistant`;

  test("is shown to its tenant's admin and to a platform owner, and is 404 to others", async () => {
    const made = { token: bootstrapToken, body: { role: "tenant_admin", tenantId: clinic.tenantId } };
    const token = String((await gateway.call("POST", "/api/admin/tokens", made)).body.token);
    for (const reader of [token, bootstrapToken]) {
      const answer = await gateway.call("GET", path(clinic.tenantId.toUpperCase()), { token: reader });
      expect([answer.status, answer.body]).toMatchObject([200, { assistant: { name: "Smile Dental" } }]);
    }
    expect((await gateway.call("GET", path(plumber.tenantId), { token })).status).toBe(404);
    expect((await gateway.call("GET", path("nobody"), { token: bootstrapToken })).status).toBe(404);
    expect((await gateway.call("GET", path(clinic.tenantId))).status).toBe(401);
  });
});
