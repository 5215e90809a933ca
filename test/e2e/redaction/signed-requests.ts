import { vapiToolPaths } from "@bookproof/simulators";
import twilio from "twilio";
import { clinic, plumber } from "../../demo/stage.ts";
import { person, phones, secrets } from "./people.ts";
import { bearer, form, json, type Request } from "./requests.ts";
import { misplaced } from "./sweep.ts";

const sms = "/api/twilio/sms";
const status = "/api/twilio/status";

/** A form as Twilio signs it for the clinic. */
function signed(baseUrl: string, path: string, fields: Record<string, string>): Request {
  const signature = twilio.getExpectedTwilioSignature(secrets.twilioToken, baseUrl + path, fields);
  return { method: "POST", path, ...form(fields, { "x-twilio-signature": signature }) };
}

/** Twilio's own forms, well signed, each with one field that holds what does not belong there. */
export function signedForms(baseUrl: string): Request[] {
  const text = { From: phones.misformed, To: clinic.phone, Body: person.body, ProfileName: person.name };
  const report = { From: clinic.phone, To: phones.misformed, MessageStatus: "delivered" };
  const withSid = (fields: Record<string, string>, index: number) => ({
    MessageSid: `SM${String(index).padStart(32, "e")}`,
    ...fields,
  });
  const texts = misplaced.flatMap((value) =>
    ["From", "To", "Body", "MessageSid", "OptOutType", "NumMedia"].map((field) => ({ ...text, [field]: value })),
  );
  const reports = misplaced.flatMap((value) =>
    ["From", "MessageSid", "MessageStatus", "AccountSid", "ErrorCode"].map((field) => ({ ...report, [field]: value })),
  );
  return [
    ...texts.map((fields, index) => signed(baseUrl, sms, withSid(fields, index))),
    ...reports.map((fields, index) => signed(baseUrl, status, withSid(fields, index))),
    { method: "POST", path: sms, ...form(withSid(text, 999), { "x-twilio-signature": "bm90IHNpZ25lZA==" }) },
  ];
}

/** What each tool takes, all of it good but for what the test of one field puts there. */
const goodArguments = {
  check_availability: { date: "tomorrow", serviceType: "Consultation" },
  reserve_atomic: {
    slotId: "2031-01-15T10:00:00Z",
    calendarId: "cal-smith",
    patientName: person.name,
    patientPhone: phones.misformed,
    patientEmail: person.email,
    serviceType: "Consultation",
  },
  send_otp_code: { holdId: "48a5a9da-3f51-4999-a5a9-be46c019d9c7", patientPhone: phones.misformed },
  verify_otp: {
    holdId: "48a5a9da-3f51-4999-a5a9-be46c019d9c7",
    providedOTP: "not a code",
    contactId: "48a5a9da-3f51-4999-a5a9-be46c019d9c8",
    address: person.address,
  },
  send_confirmation_sms: { appointmentId: "48a5a9da-3f51-4999-a5a9-be46c019d9c9", patientPhone: phones.misformed },
} as const;

/** Each tool with each argument misplaced, in both dialects; of a call whose number is misplaced too, and of another's tenant. */
export function misplacedArguments(): Request[] {
  const tools = Object.keys(goodArguments) as (keyof typeof goodArguments)[];
  const headers = bearer(secrets.clinicVapi);
  return tools.flatMap((tool) => {
    const good: Record<string, string> = goodArguments[tool];
    const path = `/api/vapi/tools${vapiToolPaths[tool]}`;
    const post = (body: object) => ({ method: "POST", path, ...json(body, headers) });
    return ["tenantId", ...Object.keys(good)].flatMap((field, index) => {
      const value = misplaced[index % misplaced.length] ?? "";
      const args = { ...good, [field]: value };
      const call = { id: `call-${tool}-${index}`, customer: { number: value }, phoneNumber: { number: clinic.phone } };
      const toolCallList = [{ id: "1", function: { name: tool, arguments: JSON.stringify(args) } }];
      return [
        post({ toolCall: { arguments: args } }),
        post({ message: { type: "tool-calls", call, toolCallList } }),
        post({ toolCall: { arguments: { ...good, tenantId: plumber.tenantId, patientName: value } } }),
      ];
    });
  });
}

/** Not one that this test's customers write to: some of what is put there is stored. */
const otherTenantId = "a0000000-0000-0000-0000-00000000de03";

/** A tenant of another id, good but for one value each. @param good the body of a tenant that is taken */
export function misplacedTenants(good: Record<string, unknown>, adminToken: string): Request[] {
  const tenant = { ...good, id: otherTenantId, phoneNumbers: ["+15550300001"] };
  const put = (body: object) => ({
    method: "PUT",
    path: `/api/admin/tenants/${otherTenantId}`,
    ...json(body, bearer(adminToken)),
  });
  const owner = { phone: plumber.owner, vipPhone: plumber.vip, email: person.email, hotLeadAlertPhone: "" };
  return misplaced.flatMap((value) => [
    put({ ...tenant, id: value }),
    put({ ...tenant, timeZone: value }),
    put({ ...tenant, phoneNumbers: [value] }),
    put({ ...tenant, phoneNumbers: [clinic.phone] }),
    put({ ...tenant, owner: { ...owner, phone: value } }),
    put({ ...tenant, owner: { ...owner, [value]: value } }),
    put({ ...tenant, name: "x".repeat(101), vapi: { secret: value, hmacSecret: value } }),
    put({ ...tenant, offerings: [] }),
  ]);
}
