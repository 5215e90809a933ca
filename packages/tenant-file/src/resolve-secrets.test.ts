import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { parseTenantFile } from "./parse-tenant-file.ts";
import { hasTwilioToken, resolveSecrets, secretVariables } from "./resolve-secrets.ts";
import { resolvedTenantSchema, toApplyTenantRequest } from "./resolved-tenant.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tenant-file-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const garage = (google: string, token = "auth_token_env: GARAGE_TOKEN") =>
  parseTenantFile(
    `tenants:
  - id: b0000000-0000-0000-0000-000000000001
    name: Garage
    time_zone: Europe/Berlin
    phone_numbers: ["+4915550100001"]
    twilio: { account_sid: AC0000000000000000000000000000000b, ${token} }
    vapi: { hmac_secret: shared-key }
    calendars:
      - { id: lift, display_name: Lift, kind: google, google: ${google}, working_hours: { sat: ["10:00-24:00"] } }
    offerings: [{ id: tyres, name: Tyre Change, duration_minutes: 45, calendars: [lift] }]`,
    folder,
  );
const withRefreshToken = () => garage("{ calendar_id: lift@example.com, refresh_token_env: GARAGE_GOOGLE }");
const environment = new Map([
  ["GARAGE_TOKEN", "twilio-token"],
  ["GARAGE_GOOGLE", "google-token"],
]);

describe("resolving a tenant file's secrets", () => {
  test("takes them from the environment and from the file, and the result survives JSON", () => {
    const [tenant] = resolveSecrets(withRefreshToken(), (name) => environment.get(name));
    expect(tenant?.twilio).toEqual({ accountSid: "AC0000000000000000000000000000000b", authToken: "twilio-token" });
    expect(tenant?.vapi).toEqual({ secret: "", hmacSecret: "shared-key", promptExtension: "" });
    expect(tenant?.calendars[0]).toMatchObject({ googleCalendarId: "lift@example.com", refreshToken: "google-token" });
    expect(resolvedTenantSchema.parse(JSON.parse(JSON.stringify(tenant)))).toEqual(tenant);
  });

  test("a variable that is not set, or empty, is named with its tenant", () => {
    expect(() => resolveSecrets(withRefreshToken(), () => "")).toThrow(
      'Tenant "Garage": twilio.auth_token_env names the environment variable GARAGE_TOKEN, which is not set.',
    );
  });

  test("only what is not set is generated", () => {
    const [tenant] = resolveSecrets(withRefreshToken(), (name) => (name === "GARAGE_GOOGLE" ? "kept" : undefined), {
      generate: (name) => `made-for-${name}`,
    });
    expect(tenant?.twilio.authToken).toBe("made-for-GARAGE_TOKEN");
    expect(tenant?.calendars[0]).toMatchObject({ refreshToken: "kept" });
  });

  test("a service account's key is read beside the tenant file", () => {
    writeFileSync(join(folder, "key.json"), '{"client_email":"a@b"}');
    const file = garage("{ calendar_id: c, service_account_key_file: key.json }", "auth_token: t");
    expect(resolveSecrets(file, () => undefined)[0]?.calendars[0]).toMatchObject({
      serviceAccountKey: '{"client_email":"a@b"}',
    });
  });

  test("a google calendar needs no credential: it is connected at Google", () => {
    const [tenant] = resolveSecrets(garage("{ calendar_id: lift@example.com }", "auth_token: t"), () => undefined);
    if (!tenant) throw new Error("the file holds one tenant");
    expect(resolvedTenantSchema.parse(JSON.parse(JSON.stringify(tenant)))).toEqual(tenant);
    expect(toApplyTenantRequest(tenant).calendars[0]?.kind).toEqual({
      $case: "google",
      value: { calendarId: "lift@example.com", credential: undefined },
    });
  });

  test("a key file that is absent or not JSON is named with its tenant", () => {
    const file = (name: string) => garage(`{ calendar_id: c, service_account_key_file: ${name} }`, "auth_token: t");
    writeFileSync(join(folder, "key.pem"), "-----BEGIN");
    expect(() => resolveSecrets(file("no.json"), () => undefined)).toThrow(
      `Tenant "Garage": the service account key file ${join(folder, "no.json")} cannot be read.`,
    );
    expect(() => resolveSecrets(file("key.pem"), () => undefined)).toThrow(/key\.pem is not JSON\.$/);
  });

  test("knows whether any Twilio token is given, and which variables are asked for", () => {
    expect(hasTwilioToken(withRefreshToken(), () => undefined)).toBe(false);
    expect(hasTwilioToken(withRefreshToken(), (name) => environment.get(name))).toBe(true);
    expect(hasTwilioToken(garage("{ calendar_id: c, refresh_token_env: A }", "auth_token: t"), () => undefined)).toBe(
      true,
    );
    expect(secretVariables(withRefreshToken())).toEqual(["GARAGE_TOKEN", "GARAGE_GOOGLE"]);
  });
});

test("the request to booking carries calendars with their kind, and the union of their hours", () => {
  const [tenant] = resolveSecrets(withRefreshToken(), (name) => environment.get(name));
  if (!tenant) throw new Error("the file holds one tenant");
  const saturday = [{ weekday: 6, from: "10:00", to: "24:00" }];
  expect(toApplyTenantRequest(tenant)).toEqual({
    tenant: {
      id: "b0000000-0000-0000-0000-000000000001",
      name: "Garage",
      timeZone: "Europe/Berlin",
      phoneNumbers: ["+4915550100001"],
      owner: { phone: "", vipPhone: "", email: "", hotLeadAlertPhone: "" },
      bookingRules: { slotStepMinutes: 30, minNoticeMinutes: 120, horizonDays: 60, holdMinutes: 10 },
      offerings: [expect.objectContaining({ id: "tyres", durationMinutes: 45, calendarIds: ["lift"] })],
      workingHours: saturday,
      plainTexts: false,
    },
    twilio: { accountSid: "AC0000000000000000000000000000000b", authToken: "twilio-token" },
    vapi: { secret: "", hmacSecret: "shared-key", promptExtension: "" },
    calendars: [
      {
        id: "lift",
        displayName: "Lift",
        closed: [],
        workingHours: saturday,
        kind: {
          $case: "google",
          value: { calendarId: "lift@example.com", credential: { $case: "refreshToken", value: "google-token" } },
        },
      },
    ],
  });
});

test("texts without emoji, the assistant's extension and the lead score's weights reach booking", () => {
  const file = garage("{ calendar_id: lift@example.com, refresh_token_env: GARAGE_GOOGLE }");
  const score = {
    base_over_5_minutes: 50,
    base_under_5_minutes: 20,
    asked_about_price: 10,
    asked_about_offering: 5,
    positive_sentiment: 5,
    booked: 25,
    high_value: 10,
    alert_from: 80,
  };
  const [entry] = file.tenants;
  if (!entry?.vapi) throw new Error("the file holds one tenant with Vapi");
  const told = { ...entry.vapi, prompt_extension: "Mention the tyre sale." };
  const [tenant] = resolveSecrets(
    { ...file, tenants: [{ ...entry, vapi: told, plain_texts: true, lead_score: score }] },
    (name) => environment.get(name),
  );
  const request = toApplyTenantRequest(resolvedTenantSchema.parse(JSON.parse(JSON.stringify(tenant))));
  expect(request.vapi?.promptExtension).toBe("Mention the tyre sale.");
  expect(request.tenant).toMatchObject({
    plainTexts: true,
    leadScoreWeights: {
      baseOver5Minutes: 50,
      baseUnder5Minutes: 20,
      askedAboutPrice: 10,
      askedAboutOffering: 5,
      positiveSentiment: 5,
      booked: 25,
      highValue: 10,
      alertFrom: 80,
    },
  });
});
