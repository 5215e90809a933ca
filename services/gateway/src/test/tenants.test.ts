import { afterAll, beforeAll, expect, test } from "@jest/globals";
import {
  bootstrapToken,
  clinic,
  plumber,
  postSigned,
  smsForm,
  startGateway,
  type TestGateway,
} from "./start-gateway.ts";

const resolved = {
  id: "c0000000-0000-0000-0000-000000000003",
  name: "Bright Lawns",
  timeZone: "America/Chicago",
  phoneNumbers: ["+15550100003"],
  owner: { phone: "+15550100920", vipPhone: "", email: "", hotLeadAlertPhone: "" },
  twilio: { accountSid: "AC3", authToken: "lawns-auth-token" },
  bookingRules: { slotStepMinutes: 30, minNoticeMinutes: 120, horizonDays: 60, holdMinutes: 10 },
  calendars: [{ id: "cal-lee", displayName: "Lee", kind: "builtin", workingHours: [], closed: [] }],
  offerings: [
    {
      id: "mowing",
      name: "Mowing",
      aliases: [],
      durationMinutes: 60,
      bufferBeforeMinutes: 0,
      bufferAfterMinutes: 0,
      needsAddress: true,
      highValue: false,
      priceHint: "",
      calendarIds: ["cal-lee"],
    },
  ],
};

let gateway: TestGateway;
let clinicToken: string;
beforeAll(async () => {
  gateway = await startGateway();
  const body = { role: "tenant_admin", tenantId: clinic.tenantId };
  clinicToken = String((await gateway.call("POST", "/api/admin/tokens", { token: bootstrapToken, body })).body.token);
});
afterAll(() => gateway.stop());

const put = (body: unknown, token = bootstrapToken) =>
  gateway.call("PUT", `/api/admin/tenants/${resolved.id}`, { token, body });

test("a tenant admin sees the own tenant, a platform owner all, and nobody a secret", async () => {
  const own = await gateway.call("GET", "/api/admin/tenants", { token: clinicToken });
  expect(own.body.tenants).toEqual([expect.objectContaining({ id: clinic.tenantId, name: "Smile Dental" })]);
  const all = await gateway.call("GET", "/api/admin/tenants", { token: bootstrapToken });
  expect(all.body.tenants).toHaveLength(2);
  for (const secret of ["clinic-auth-token", "clinic-vapi-secret", "plumber-auth-token"])
    expect(own.text + all.text).not.toContain(secret);
});

test.each([
  ["another id than the URL's", { ...resolved, id: plumber.tenantId }, "The id in the body is not the one in the URL."],
  ["no number", { ...resolved, phoneNumbers: [] }, /^phoneNumbers: /],
  ["no body", undefined, /./],
])("a tenant with %s is refused with 400", async (_what, body, error) => {
  const answer = await put(body);
  expect(answer.status).toBe(400);
  expect(answer.body.error).toMatch(error);
  expect(gateway.world.applied).toEqual([]);
});

test("a tenant is applied by a platform owner alone, and its texts are taken in at once", async () => {
  expect((await put(resolved, clinicToken)).status).toBe(403);
  const answer = await put(resolved);
  expect([answer.status, answer.body]).toEqual([200, { created: true }]);
  expect(gateway.world.applied).toHaveLength(1);
  const sms = smsForm({ To: "+15550100003" });
  expect((await postSigned(gateway, "/api/twilio/sms", sms, { authToken: "lawns-auth-token" })).status).toBe(204);
});
