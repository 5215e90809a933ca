import { afterAll, beforeAll, test } from "@jest/globals";
import fc from "fast-check";
import { toolNames } from "../domain/vapi/tool-names.ts";
import { postVapi, toolUrl, webhookUrl } from "./post-vapi.ts";
import { startGateway, type TestGateway } from "./start-gateway.ts";

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.stop());

const paths = fc.constantFrom(webhookUrl, ...toolNames.map(toolUrl));
const anything = fc.jsonValue({ maxDepth: 3 });
const types = fc.constantFrom("tool-calls", "assistant-request", "end-of-call-report", "status-update", "", null, 7);
const given = fc.dictionary(
  fc.constantFrom("slotId", "holdId", "patientPhone", "otp", "tenantId", "appointmentId", "__proto__", "name", "date"),
  fc.oneof(anything, fc.string({ unit: "binary" }), fc.constant("2030-01-15T10:00:00Z")),
);
const toolCall = fc.oneof(
  anything,
  fc.record(
    {
      id: fc.oneof(fc.string(), anything),
      name: fc.constantFrom(...toolNames, "", null, "constructor"),
      arguments: fc.oneof(
        given,
        given.map((value) => JSON.stringify(value)),
        anything,
      ),
      parameters: given,
      function: fc.oneof(anything, fc.record({ name: fc.constantFrom(...toolNames), arguments: given })),
    },
    { requiredKeys: [] },
  ),
);
const list = fc.oneof(fc.array(toolCall, { maxLength: 4 }), anything);
const message = fc.record(
  {
    type: types,
    call: fc.oneof(anything, fc.record({ id: fc.string(), customer: anything, phoneNumber: anything })),
    toolCallList: list,
    toolWithToolCallList: list,
    toolCalls: list,
    artifact: anything,
    analysis: anything,
    startedAt: anything,
    timestamp: fc.double(),
  },
  { requiredKeys: [] },
);
const body = fc.oneof(
  fc.record({ message, toolCall }, { requiredKeys: [] }).map((value) => JSON.stringify(value)),
  anything.map((value) => JSON.stringify(value)),
  fc.string({ unit: "binary" }),
);

test("no body whatsoever is answered with a 5xx or something else than JSON", async () => {
  await fc.assert(
    fc.asyncProperty(paths, body, async (path, sent) => {
      const { status, body: answer } = await postVapi(gateway, path, sent);
      return status < 500 && typeof answer === "object";
    }),
    { numRuns: 600 },
  );
}, 60_000);

test("deeply nested bodies are answered like any other", async () => {
  const deep = `${"[".repeat(60_000)}${"]".repeat(60_000)}`;
  for (const path of [webhookUrl, toolUrl("verify_otp")])
    for (const sent of [
      deep,
      `{"toolCall":{"arguments":${deep}}}`,
      `{"message":{"type":"tool-calls","toolCallList":${deep}}}`,
      `{"message":{"type":"end-of-call-report","call":{"id":"c"},"analysis":{"structuredData":${deep}}}}`,
    ]) {
      const { status } = await postVapi(gateway, path, sent);
      if (status >= 500) throw new Error(`${path} answered ${status} to ${sent.slice(0, 60)}`);
    }
});
