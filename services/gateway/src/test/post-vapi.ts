import type { ToolName } from "../domain/vapi/tool-names.ts";
import { toolPaths } from "../domain/vapi/tool-names.ts";
import { clinic, type JsonAnswer, type TestGateway } from "./start-gateway.ts";

export const clinicBearer = { authorization: `Bearer ${clinic.vapi?.secret}` };
export const toolUrl = (tool: ToolName) => `/api/vapi/tools${toolPaths[tool]}`;
export const webhookUrl = "/api/vapi/webhook";

/** The call that the clinic's customer makes. */
export const call = {
  id: "7d2c1c52-9a6e-4a0b-8a55-3d6a1f0e9c01",
  orgId: "org-1",
  customer: { number: "+15551230001" },
  phoneNumber: { number: "+15550100001" },
};

/** Posts as Vapi does; text is sent as it is. */
export async function postVapi(
  gateway: TestGateway,
  path: string,
  body: unknown,
  headers: Record<string, string> = clinicBearer,
): Promise<JsonAnswer> {
  const response = await fetch(gateway.url + path, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, text, body: JSON.parse(text) };
}

/** The seed's dialect. */
export const seedBody = (given: object) => ({ toolCall: { arguments: given } });

/** Vapi's own dialect. */
export const toolCallsBody = (toolCallList: unknown[], more: object = {}) => ({
  message: { type: "tool-calls", call, toolCallList, ...more },
});

export const functionCall = (id: string, name: string, given: unknown) => ({
  id,
  type: "function",
  function: { name, arguments: given },
});

/** Arguments of seed 002 that each tool accepts, in a future that is far off. */
export const goodArguments: Readonly<Record<ToolName, Record<string, string>>> = {
  check_availability: { tenantId: clinic.tenantId, date: "2030-01-15" },
  reserve_atomic: {
    tenantId: clinic.tenantId,
    slotId: "2030-01-15T10:00:00Z",
    calendarId: "cal-smith",
    patientName: "John Smith",
    patientPhone: "+1-555-1234",
  },
  send_otp_code: { holdId: "48a5a9da-3f51-4999-a5a9-be46c019d9c7", patientPhone: "+1-555-1234" },
  verify_otp: {
    holdId: "48a5a9da-3f51-4999-a5a9-be46c019d9c7",
    providedOTP: "1234",
    contactId: "04c421b0-f3a4-4eb1-9576-bf8a2d2db731",
  },
  send_confirmation_sms: {
    appointmentId: "f8a7e8fd-3a74-4076-9f96-6aa1f956290d",
    patientPhone: "+1-555-1234",
    contactId: "04c421b0-f3a4-4eb1-9576-bf8a2d2db731",
  },
};
