import { createHmac } from "node:crypto";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { createVapiCaller, type VapiCallerOptions } from "../../vapi/create-vapi-caller.ts";

type Received = { path: string; headers: IncomingHttpHeaders; raw: string };
type Call = { id: string; function: { name: string; arguments: Record<string, unknown> } };
type Message = { type: string; call: { id: string }; toolCallList: Call[] } & Record<string, unknown>;

let server: Server;
let baseUrl = "";
let received: Received[] = [];
let answer: (message: Message) => { status?: number; body: object };

beforeEach(async () => {
  received = [];
  server = createServer(async (request, response) => {
    const raw = await text(request);
    received.push({ path: request.url ?? "", headers: request.headers, raw });
    const { status = 200, body } = answer(JSON.parse(raw).message);
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  baseUrl = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
});
afterEach(() => {
  server.close().closeAllConnections();
});

const caller = (options: Partial<VapiCallerOptions> = {}) =>
  createVapiCaller({
    baseUrl,
    credential: { bearer: "s3cret" },
    dialect: "vapi",
    callerNumber: "+15551230001",
    calledNumber: "+15550100001",
    ...options,
  });

/** Answers every call with its own name. */
const echo = ({ toolCallList }: Message) => ({
  body: {
    results: toolCallList.map(({ id, function: { name } }) => ({
      toolCallId: id,
      name,
      result: JSON.stringify({ success: true, did: name, say: "Done." }),
    })),
  },
});

describe("in the seed's dialect", () => {
  test("a tool is posted to its URL with its arguments alone, and its content is read", async () => {
    const content = { success: false, error: "Slot already held" };
    const body = { toolResult: { content: JSON.stringify(content) }, speech: "That slot was just taken." };
    answer = () => ({ body });
    const reply = await caller({ dialect: "seed" }).tool("reserve_atomic", { slotId: "t" });
    const { speech } = body;
    expect(reply).toEqual({ status: 200, success: false, content, speech, error: "Slot already held", raw: body });
    expect(received[0]).toMatchObject({
      path: "/api/vapi/tools/booking/reserve-atomic",
      raw: '{"toolCall":{"arguments":{"slotId":"t"}}}',
    });
  });

  test("a refusal is its status and sentence", async () => {
    answer = () => ({ status: 400, body: { error: "I need your email or phone" } });
    const reply = await caller({ dialect: "seed" }).tool("reserve_atomic", {});
    expect(reply).toMatchObject({ status: 400, success: false, error: "I need your email or phone" });
  });
});

describe("in Vapi's dialect", () => {
  test("a tool is a message with the call, and the result is read by its id", async () => {
    answer = echo;
    const call = caller({ callId: "call-7" });
    const reply = await call.tool("send_otp_code", { holdId: "h" });
    expect(reply).toMatchObject({ success: true, content: { did: "send_otp_code" }, speech: "Done.", error: "" });
    const { message } = JSON.parse(received[0]?.raw ?? "");
    expect(received[0]?.path).toBe("/api/vapi/tools/booking/send-otp");
    expect(message).toMatchObject({
      type: "tool-calls",
      call: { id: "call-7", customer: { number: "+15551230001" }, phoneNumber: { number: "+15550100001" } },
      toolCallList: [{ function: { name: "send_otp_code", arguments: { holdId: "h" } } }],
    });
    expect(call.ledger()).toMatchObject([{ path: received[0]?.path, status: 200, sent: { message } }]);
  });

  test("a tool that nobody answered is kept, as status 0", async () => {
    const call = caller({ baseUrl: "http://127.0.0.1:1" });
    await expect(call.tool("verify_otp", {})).rejects.toThrow();
    expect(call.ledger()).toMatchObject([{ path: "/api/vapi/tools/booking/verify-otp", status: 0 }]);
  });

  test("several tools are one message to the webhook, answered in order", async () => {
    answer = echo;
    const replies = await caller().several([
      { name: "check_availability", args: {} },
      { name: "reserve_atomic", args: {} },
    ]);
    expect(replies.map(({ content }) => content.did)).toEqual(["check_availability", "reserve_atomic"]);
    expect(received.map(({ path }) => path)).toEqual(["/api/vapi/webhook"]);
  });

  test("an error is a failure, and answers that Vapi would ignore are not let pass", async () => {
    const errorText = "NOT BOOKED: no time is held.";
    answer = ({ toolCallList: [call] }) => ({
      body: { results: [{ toolCallId: call?.id, name: "x", error: errorText }] },
    });
    expect(await caller().tool("reserve_atomic", {})).toMatchObject({ success: false, error: errorText });
    answer = () => ({ body: { results: [{ toolCallId: "another", name: "x", result: "{}" }] } });
    await expect(caller().tool("reserve_atomic", {})).rejects.toThrow(/was answered another/);
    answer = ({ toolCallList: [call] }) => ({
      body: { results: [{ toolCallId: call?.id, name: "x", result: "{}\n" }] },
    });
    await expect(caller().tool("reserve_atomic", {})).rejects.toThrow(/single line/);
  });
});

describe("the credential", () => {
  test("is a bearer token, Vapi's legacy header, or a signature over timestamp and body", async () => {
    answer = () => ({ body: {} });
    await caller().assistantRequest();
    await caller({ credential: { secretHeader: "s3cret" } }).assistantRequest();
    await caller({ credential: { hmacSecret: "key" }, now: () => 1_900_000_000_000 }).assistantRequest();
    const [bearer, legacy, signed] = received;
    expect(bearer?.headers.authorization).toBe("Bearer s3cret");
    expect(legacy?.headers["x-vapi-secret"]).toBe("s3cret");
    const expected = createHmac("sha256", "key").update(`1900000000000.${signed?.raw}`).digest("hex");
    expect(signed?.headers).toMatchObject({ "x-signature": expected, "x-timestamp": "1900000000000" });
  });
});

test("hanging up posts the end-of-call-report", async () => {
  answer = () => ({ body: {} });
  const startedAt = new Date("2030-01-15T10:00:00Z");
  const endedAt = new Date("2030-01-15T10:08:00Z");
  await caller({ callId: "call-7" }).hangUp({ transcript: "AI: Hi", startedAt, endedAt, summary: "Short." });
  expect(JSON.parse(received[0]?.raw ?? "").message).toMatchObject({
    type: "end-of-call-report",
    call: { id: "call-7" },
    endedReason: "customer-ended-call",
    startedAt: startedAt.toISOString(),
    endedAt: endedAt.toISOString(),
    artifact: { transcript: "AI: Hi" },
    analysis: { summary: "Short." },
  });
});
