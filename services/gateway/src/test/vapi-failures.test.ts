import { BookproofError } from "@bookproof/errors";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { type ToolName, toolNames } from "../domain/vapi/tool-names.ts";
import { functionCall, goodArguments, postVapi, seedBody, toolCallsBody, toolUrl } from "./post-vapi.ts";
import { clinic, startGateway, type TestGateway } from "./start-gateway.ts";
import { goodAnswers, type VoiceAnswers } from "./voice-stand-in.ts";

const rpcOf: Record<ToolName, keyof VoiceAnswers> = {
  check_availability: "checkAvailability",
  reserve_atomic: "reserveAtomic",
  send_otp_code: "sendOtpCode",
  verify_otp: "verifyOtpCode",
  send_confirmation_sms: "sendConfirmationSms",
};

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.stop());
beforeEach(() => {
  gateway.world.alerts.length = 0;
  gateway.world.voice.answers = { ...goodAnswers };
});

async function seed(tool: ToolName) {
  const { status, body } = await postVapi(gateway, toolUrl(tool), seedBody(goodArguments[tool]));
  const { toolResult, speech } = body as { toolResult: { content: string }; speech: string };
  return { status, content: JSON.parse(toolResult.content), speech };
}
async function vapi(tool: ToolName): Promise<string> {
  const answer = await postVapi(gateway, toolUrl(tool), toolCallsBody([functionCall("a", tool, goodArguments[tool])]));
  expect(answer.status).toBe(200);
  return String((answer.body as { results: { error?: string }[] }).results[0]?.error);
}
const failWith = (error: () => Promise<never>) => {
  for (const tool of toolNames) gateway.world.voice.answers[rpcOf[tool]] = error;
};

describe("while the agent serves", () => {
  test.each(toolNames)("a defect in %s is told truthfully, without what broke", async (tool) => {
    failWith(() => Promise.reject(new Error('duplicate key value violates "uq_contacts_org_phone"')));
    const { status, content, speech } = await seed(tool);
    expect([status, content]).toEqual([200, { success: false, error: "Not available right now, try again shortly." }]);
    expect(speech).toMatch(/^I'm sorry, .* A human will follow up with you shortly\.$/);
    expect(await vapi(tool)).toMatch(/^NOT BOOKED: .* A human will follow up with you shortly\.$/);
    // What the agent threw it did not bring to the owner: the gateway does, for each of the two calls.
    const reason = tool === "verify_otp" ? "booking_outcome_unknown" : "turn_failed";
    expect(gateway.world.alerts).toMatchObject([{ reason }, { reason }]);
  });

  test("a refusal of the agent is its own sentence", async () => {
    failWith(() => Promise.reject(new BookproofError("hold_not_found")));
    expect((await seed("verify_otp")).content).toEqual({ success: false, error: "No such hold." });
    expect(await vapi("verify_otp")).toMatch(/^NOT BOOKED: the appointment could not be confirmed\. No such hold\./);
  });

  test.each<[ToolName, number]>([
    ["check_availability", 6_000],
    ["reserve_atomic", 6_000],
    ["send_otp_code", 6_000],
    ["send_confirmation_sms", 6_000],
    ["verify_otp", 8_000],
  ])(
    "%s is answered within %i ms although the agent says nothing",
    async (tool, ms) => {
      failWith(() => new Promise<never>(() => {}));
      const began = performance.now();
      expect(await vapi(tool)).toMatch(/^NOT BOOKED: .* A human will follow up with you shortly\.$/);
      expect(performance.now() - began).toBeLessThan(ms);
    },
    10_000,
  );
});

describe("when the agent is gone", () => {
  beforeAll(() => gateway.agent.server.stop());

  test("a verification alerts the owner, says that a human follows up, and is answered within 8 s", async () => {
    const began = performance.now();
    expect(await vapi("verify_otp")).toMatch(
      /^NOT BOOKED: the appointment could not be confirmed\. .* A human will follow up with you shortly\.$/,
    );
    expect(performance.now() - began).toBeLessThan(8_000);
    expect(gateway.world.alerts).toMatchObject([
      {
        tenantId: clinic.tenantId,
        reason: "booking_outcome_unknown",
        requested: { customerPhone: "+15551230001", businessPhone: "+15550100001" },
      },
    ]);
  }, 10_000);

  test("a reservation that fails twice is one escalation, with what was wished for", async () => {
    const [first, second] = await Promise.all([seed("reserve_atomic"), seed("reserve_atomic")]);
    expect([first.status, second.status]).toEqual([200, 200]);
    const [one, other] = gateway.world.alerts;
    expect(one).toMatchObject({
      reason: "turn_failed",
      requested: {
        customerPhone: "+15551234",
        customerName: "John Smith",
        start: new Date("2030-01-15T10:00:00Z"),
      },
    });
    expect(other?.cid).toBe(one?.cid);
  }, 10_000);

  test("the end of a call is refused with 503, for it is not stored", async () => {
    const { status } = await postVapi(gateway, "/api/vapi/webhook", {
      message: { type: "end-of-call-report", call: { id: "call-1" } },
    });
    expect(status).toBe(503);
  }, 20_000);

  test("without the notifier nobody is promised a human", async () => {
    await gateway.notifier.server.stop();
    const { status, speech } = await seed("send_otp_code");
    expect([status, speech]).toEqual([200, "I'm sorry, no code was sent. Please call us again in a few minutes."]);
  }, 10_000);
});
