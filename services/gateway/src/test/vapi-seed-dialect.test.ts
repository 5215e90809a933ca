import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { type ToolName, toolNames } from "../domain/vapi/tool-names.ts";
import { goodArguments, postVapi, seedBody, toolUrl } from "./post-vapi.ts";
import { clinic, plumber, startGateway, type TestGateway } from "./start-gateway.ts";
import { failed, goodAnswers } from "./voice-stand-in.ts";

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

const post = (tool: ToolName, given: object) => postVapi(gateway, toolUrl(tool), seedBody(given));
/** An answer with its content read. */
const read = async (tool: ToolName, given: object = goodArguments[tool]) => {
  const { status, body } = await post(tool, given);
  const { toolResult, speech } = body as { toolResult: { content: string }; speech: string };
  return { status, content: JSON.parse(toolResult.content), speech };
};
const caller = { tenantId: clinic.tenantId, callId: "", callerPhone: "", calledPhone: "" };

describe("the requests of seed 002 are answered with its fields, letter by letter", () => {
  test.each<[ToolName, object, string]>([
    [
      "check_availability",
      { success: true, slots: [{ time: "2030-01-15T10:00:00Z", provider: "Dr. Smith" }] },
      "We have availability at 10 AM...",
    ],
    [
      "reserve_atomic",
      {
        success: true,
        holdId: "48a5a9da-3f51-4999-a5a9-be46c019d9c7",
        contactId: "04c421b0-f3a4-4eb1-9576-bf8a2d2db731",
        expiresAt: "2030-01-15T10:10:00.250Z",
      },
      "Perfect! I've held that time for you.",
    ],
    ["send_otp_code", { success: true, codeSent: true }, "Code sent to your phone"],
    [
      "verify_otp",
      { success: true, appointmentId: "f8a7e8fd-3a74-4076-9f96-6aa1f956290d" },
      "Perfect! Your appointment is confirmed.",
    ],
    [
      "send_confirmation_sms",
      { success: true, messageSent: true, messageId: "SM1234567890abc" },
      "Perfect! Check your text for the details.",
    ],
  ])("%s", async (tool, content, speech) => {
    expect(await read(tool)).toEqual({ status: 200, content, speech });
  });

  test("a slot that was just taken is 200 with the seed's error", async () => {
    const speech = "That slot was just taken. Let me find another option...";
    gateway.world.voice.answers.reserveAtomic = () => ({
      ...{ outcome: failed(speech, "slot_already_held", "Slot already held"), holdId: "", contactId: "" },
    });
    const content = { success: false, error: "Slot already held" };
    expect(await read("reserve_atomic")).toEqual({ status: 200, content, speech });
  });

  test("a wrong code is 200 with the tries that are left and nothing else", async () => {
    const speech = "That's not quite right. You have 2 more tries.";
    const outcome = failed(speech, "invalid_argument", "Wrong code");
    gateway.world.voice.answers.verifyOtpCode = () => ({ outcome, appointmentId: "", retriesLeft: 2 });
    expect(await read("verify_otp")).toEqual({ status: 200, content: { success: false, retriesLeft: 2 }, speech });
  });
});

describe("what the agent is asked", () => {
  test("is what was given, with the tenant of the credential", async () => {
    await read("reserve_atomic");
    const { tenantId: _tenantId, ...given } = goodArguments.reserve_atomic;
    const request = { caller, patientEmail: "", serviceType: "", ...given };
    expect(gateway.world.voice.asked).toEqual([{ rpc: "reserveAtomic", request }]);
  });

  test.each<[ToolName, object, object]>([
    [
      "check_availability",
      { requestedDate: "tomorrow", service: "whitening" },
      { date: "tomorrow", serviceType: "whitening" },
    ],
    [
      "reserve_atomic",
      { slot_id: "2030-01-15T10:00:00Z", name: "Al", phone: "+15551230001" },
      { patientName: "Al", patientPhone: "+15551230001" },
    ],
    [
      "reserve_atomic",
      { time: "2030-01-15T05:00:00-05:00", email: "al@example.com" },
      { slotId: "2030-01-15T05:00:00-05:00", patientEmail: "al@example.com" },
    ],
    ["verify_otp", { holdId: "h", otp: "0042" }, { providedOtp: "0042" }],
    ["verify_otp", { holdId: "h", code: 42 }, { providedOtp: "0042" }],
    ["verify_otp", { holdId: "h", providedOTP: "", code: " 0042\0 " }, { providedOtp: "0042" }],
  ])("%s understands %j", async (tool, given, request) => {
    expect((await post(tool, given)).status).toBe(200);
    expect(gateway.world.voice.asked).toEqual([{ rpc: expect.anything(), request: expect.objectContaining(request) }]);
  });
});

describe("what is missing or malformed is refused with 400 before the agent is asked", () => {
  test.each<[ToolName, object, string]>([
    ["reserve_atomic", {}, "I need your email or phone"],
    ["reserve_atomic", { slotId: 7, patientPhone: " ", patientEmail: null }, "I need your email or phone"],
    ["reserve_atomic", { patientPhone: "+15551230001" }, "Missing parameters: slotId."],
    ["reserve_atomic", { phone: "+15551230001", slotId: "ten" }, "slotId must be a time like 2026-01-15T10:00:00Z."],
    [
      "reserve_atomic",
      { phone: "+15551230001", slotId: "2030-13-45T10:00:00Z" },
      "slotId must be a time like 2026-01-15T10:00:00Z.",
    ],
    ["reserve_atomic", { phone: "+15551230001", name: {} }, "patientName must be text."],
    ["reserve_atomic", { phone: "+15551230001", name: "x".repeat(501) }, "patientName is longer than 500 characters."],
    ["send_otp_code", {}, "Missing parameters: holdId."],
    ["verify_otp", { contactId: "c" }, "Missing parameters: holdId, providedOTP."],
    ["send_confirmation_sms", { patientPhone: "+15551230001" }, "Missing parameters: appointmentId."],
  ])("%s %j", async (tool, given, error) => {
    const answer = await post(tool, given);
    expect([answer.status, answer.body]).toEqual([400, { error }]);
    expect(gateway.world.voice).toMatchObject({ asked: [], refusals: [] });
  });

  test.each([
    ["", "The body is not valid JSON."],
    ["{", "The body is not valid JSON."],
    ["[]", "The body must be a JSON object with a toolCall."],
    ["null", "The body must be a JSON object with a toolCall."],
    ['{"toolCall":3}', "The body must be a JSON object with a toolCall."],
    ['{"toolCall":{"arguments":"{"}}', "The arguments are not valid JSON."],
    ['{"toolCall":{"arguments":[1]}}', "The arguments must be a JSON object."],
  ])("the body '%s'", async (sent, error) => {
    const answer = await postVapi(gateway, toolUrl("verify_otp"), sent);
    expect([answer.status, answer.body]).toEqual([400, { error }]);
  });

  test("what the agent calls malformed", async () => {
    const { BookproofError } = await import("@bookproof/errors");
    gateway.world.voice.answers.sendOtpCode = () => {
      throw new BookproofError("invalid_argument", "holdId: must be a UUID.");
    };
    const answer = await post("send_otp_code", { holdId: "x" });
    expect([answer.status, answer.body]).toEqual([400, { error: "holdId: must be a UUID." }]);
  });
});

test("a tenantId that is not the credential's is refused, traced, and goes no further", async () => {
  const given = { ...goodArguments.reserve_atomic, tenantId: plumber.tenantId };
  expect(await read("reserve_atomic", given)).toMatchObject({
    status: 200,
    content: { success: false, error: "No such tenant." },
  });
  const { asked, refusals } = gateway.world.voice;
  expect(asked).toEqual([]);
  expect(refusals).toEqual([{ caller, reason: "tenant_not_found", tool: "reserve_atomic" }]);
});

test("only POST is understood, and 8 MiB at most", async () => {
  for (const tool of toolNames) {
    const response = await fetch(gateway.url + toolUrl(tool));
    expect([response.status, response.headers.get("allow")]).toEqual([405, "POST"]);
  }
  expect((await post("reserve_atomic", { name: "x".repeat(8 * 1024 * 1024) })).status).toBe(413);
});

test("a body without a content type is read as JSON all the same", async () => {
  const body = JSON.stringify(seedBody(goodArguments.send_otp_code));
  const answer = await postVapi(gateway, toolUrl("send_otp_code"), body, {
    authorization: `Bearer ${clinic.vapi?.secret}`,
    "content-type": "application/x-www-form-urlencoded",
  });
  expect(answer.status).toBe(200);
});
