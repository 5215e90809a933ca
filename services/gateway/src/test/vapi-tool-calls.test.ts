import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { type ToolName, toolNames } from "../domain/vapi/tool-names.ts";
import { call, functionCall, goodArguments, postVapi, toolCallsBody, toolUrl, webhookUrl } from "./post-vapi.ts";
import { clinic, plumber, startGateway, type TestGateway } from "./start-gateway.ts";
import { done, failed, goodAnswers } from "./voice-stand-in.ts";

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.stop());
beforeEach(() => {
  gateway.world.voice.asked.length = 0;
  gateway.world.voice.refusals.length = 0;
  gateway.world.voice.answers = { ...goodAnswers };
});

type Result = { toolCallId: string; name: string; result?: string; error?: string };
async function results(path: string, body: object): Promise<Result[]> {
  const answer = await postVapi(gateway, path, body);
  expect(answer.status).toBe(200);
  return (answer.body as { results: Result[] }).results;
}

const caller = {
  tenantId: clinic.tenantId,
  callId: call.id,
  callerPhone: "+15551230001",
  calledPhone: "+15550100001",
};

describe("each tool answers at its own URL and at the webhook", () => {
  test.each(
    toolNames.flatMap(
      (tool) =>
        [
          [tool, toolUrl(tool)],
          [tool, webhookUrl],
        ] as [ToolName, string][],
    ),
  )("%s at %s", async (tool, path) => {
    const [answer, ...others] = await results(path, toolCallsBody([functionCall("tc-1", tool, goodArguments[tool])]));
    expect(others).toEqual([]);
    expect(answer).toEqual({ toolCallId: "tc-1", name: tool, result: expect.any(String) });
    expect(JSON.parse(answer?.result ?? "")).toMatchObject({ success: true, say: expect.stringMatching(/./) });
    expect(gateway.world.voice.asked).toEqual([
      { rpc: expect.anything(), request: expect.objectContaining({ caller }) },
    ]);
  });
});

describe("every known shape of a call is understood", () => {
  const given = goodArguments.send_otp_code;
  const nameless = { id: "tc-1", type: "function", function: { arguments: given } };
  test.each<[string, object]>([
    ["arguments as an object", { toolCallList: [functionCall("tc-1", "send_otp_code", given)] }],
    ["arguments as a string", { toolCallList: [functionCall("tc-1", "send_otp_code", JSON.stringify(given))] }],
    ["flat arguments", { toolCallList: [{ id: "tc-1", name: "send_otp_code", arguments: given }] }],
    ["flat parameters", { toolCallList: [{ id: "tc-1", name: "send_otp_code", parameters: given }] }],
    [
      "toolWithToolCallList",
      { toolWithToolCallList: [{ type: "function", name: "send_otp_code", toolCall: nameless }] },
    ],
    [
      "a tool that names its call",
      { toolWithToolCallList: [{ function: { name: "send_otp_code" }, toolCall: nameless }] },
    ],
    ["toolCalls", { toolCalls: [functionCall("tc-1", "send_otp_code", given)] }],
    [
      "an empty list before a full one",
      { toolCallList: [], toolCalls: [functionCall("tc-1", "send_otp_code", given)] },
    ],
    [
      "the same call in two lists",
      {
        toolCallList: [functionCall("tc-1", "send_otp_code", given)],
        toolWithToolCallList: [{ name: "send_otp_code", toolCall: functionCall("tc-1", "send_otp_code", given) }],
      },
    ],
  ])("%s", async (_shape, lists) => {
    const answers = await results(webhookUrl, { message: { type: "tool-calls", call, ...lists } });
    expect(answers).toEqual([{ toolCallId: "tc-1", name: "send_otp_code", result: expect.any(String) }]);
    expect(gateway.world.voice.asked).toEqual([
      { rpc: "sendOtpCode", request: { caller, holdId: given.holdId, patientPhone: given.patientPhone } },
    ]);
  });

  test("the caller of a message without a call object", async () => {
    const message = { type: "tool-calls", toolCallList: [functionCall("a", "check_availability", {})] };
    await results(webhookUrl, { message: { ...message, customer: call.customer, phoneNumber: call.phoneNumber } });
    expect(gateway.world.voice.asked[0]?.request).toMatchObject({ caller: { ...caller, callId: "" } });
  });
});

describe("which tool is meant", () => {
  test("is told by the URL where the call has no name, or one that is none of ours", async () => {
    const calls = [functionCall("a", "", {}), { id: "b" }, functionCall("c", "look_up_times", {})];
    const answers = await results(toolUrl("check_availability"), toolCallsBody(calls));
    expect(answers.map(({ name }) => name)).toEqual(["check_availability", "check_availability", "look_up_times"]);
    expect(gateway.world.voice.asked.map(({ rpc }) => rpc)).toEqual(Array(3).fill("checkAvailability"));
  });

  test("is told by a name of ours, whatever the URL", async () => {
    await results(toolUrl("check_availability"), toolCallsBody([functionCall("a", "send_otp_code", { holdId: "h" })]));
    expect(gateway.world.voice.asked.map(({ rpc }) => rpc)).toEqual(["sendOtpCode"]);
  });

  test("cannot be told at the webhook for an unknown name: an error for that call alone", async () => {
    const calls = [functionCall("a", "transfer_money", {}), functionCall("b", "check_availability", {})];
    expect(await results(webhookUrl, toolCallsBody(calls))).toEqual([
      { toolCallId: "a", name: "transfer_money", error: "NOT BOOKED: there is no tool of that name." },
      { toolCallId: "b", name: "check_availability", result: expect.any(String) },
    ]);
  });
});

describe("several calls in one message", () => {
  test("run one after the other and are answered in their order, whatever becomes of each", async () => {
    const order: string[] = [];
    gateway.world.voice.answers.reserveAtomic = async () => {
      order.push("reserve begins");
      await new Promise((resolve) => setTimeout(resolve, 50));
      order.push("reserve ends");
      return { outcome: failed("Taken.", "slot_already_held", "Slot already held"), holdId: "", contactId: "" };
    };
    gateway.world.voice.answers.sendOtpCode = () => {
      order.push("code");
      return { outcome: done("Sent."), codeSent: true };
    };
    const calls = [
      functionCall("z", "reserve_atomic", goodArguments.reserve_atomic),
      functionCall("y", "verify_otp", "{"),
      functionCall("x", "send_otp_code", goodArguments.send_otp_code),
    ];
    expect(await results(webhookUrl, toolCallsBody(calls))).toEqual([
      {
        toolCallId: "z",
        name: "reserve_atomic",
        error: "NOT BOOKED: no time is held. Slot already held. Taken.",
      },
      { toolCallId: "y", name: "verify_otp", error: "NOT BOOKED: The arguments are not valid JSON." },
      { toolCallId: "x", name: "send_otp_code", result: '{"success":true,"codeSent":true,"say":"Sent."}' },
    ]);
    expect(order).toEqual(["reserve begins", "reserve ends", "code"]);
  });

  test("beyond twenty are not run, and none are none", async () => {
    const calls = Array.from({ length: 21 }, (_, index) => functionCall(`${index}`, "check_availability", {}));
    const answers = await results(webhookUrl, toolCallsBody(calls));
    expect(answers.map(({ toolCallId }) => toolCallId)).toEqual(calls.map(({ id }) => id));
    expect(answers[20]?.error).toBe("NOT BOOKED: too many tool calls in one message.");
    expect(gateway.world.voice.asked).toHaveLength(20);
    expect(await results(webhookUrl, toolCallsBody([]))).toEqual([]);
  });
});

describe("a failure is an error that begins with NOT BOOKED", () => {
  test.each<[ToolName, object, string]>([
    ["verify_otp", { holdId: "h" }, "NOT BOOKED: Missing parameters: providedOTP."],
    ["reserve_atomic", { patientPhone: "+15551230001" }, "NOT BOOKED: Missing parameters: slotId."],
  ])("%s %j", async (tool, given, error) => {
    expect(await results(toolUrl(tool), toolCallsBody([functionCall("a", tool, given)]))).toEqual([
      { toolCallId: "a", name: tool, error },
    ]);
  });

  test("without phone, e-mail and a caller's number there is nobody to book for", async () => {
    const message = toolCallsBody([functionCall("a", "reserve_atomic", {})], { call: { id: "call-1" } });
    const [answer] = await results(toolUrl("reserve_atomic"), message);
    expect(answer?.error).toBe("NOT BOOKED: I need your email or phone");
    expect(gateway.world.voice.asked).toEqual([]);
  });

  test("the caller's number from the call is contact enough", async () => {
    const given = { slotId: "2030-01-15T10:00:00Z" };
    const [answer] = await results(webhookUrl, toolCallsBody([functionCall("a", "reserve_atomic", given)]));
    expect(answer?.result).toBeDefined();
  });

  test("another tenant's id in the arguments is refused and traced", async () => {
    const given = { ...goodArguments.reserve_atomic, tenantId: plumber.tenantId };
    const [answer] = await results(webhookUrl, toolCallsBody([functionCall("a", "reserve_atomic", given)]));
    expect(answer?.error).toMatch(/^NOT BOOKED: no time is held\. No such tenant\. /);
    expect(gateway.world.voice.asked).toEqual([]);
    expect(gateway.world.voice.refusals).toEqual([{ caller, reason: "tenant_not_found", tool: "reserve_atomic" }]);
  });
});

test("results and errors are single lines, however the agent words them", async () => {
  const broken = "One\r\ntwo\n\nthree\u2028four\u0085five";
  const answers = { ...goodAnswers };
  answers.sendOtpCode = () => ({ outcome: done(broken), codeSent: true });
  answers.verifyOtpCode = () => ({ outcome: failed(broken, "internal", broken), appointmentId: "" });
  gateway.world.voice.answers = answers;
  const [sent, verified] = await results(
    webhookUrl,
    toolCallsBody([
      functionCall("a", "send_otp_code", goodArguments.send_otp_code),
      functionCall("b", "verify_otp", goodArguments.verify_otp),
    ]),
  );
  expect(JSON.parse(sent?.result ?? "").say).toBe("One two three four five");
  expect(verified?.error).toMatch(/^NOT BOOKED: the appointment could not be confirmed\. One two three four five/);
  expect(`${sent?.result}${verified?.error}`).not.toMatch(/[\r\n\u0085\u2028\u2029]/);
});
