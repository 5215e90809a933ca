import { fileURLToPath } from "node:url";
import { describe, expect, test } from "@jest/globals";
import { parseTenantFile, readTenantFile } from "./parse-tenant-file.ts";
import { TenantFileError } from "./tenant-file-error.ts";

const clinic = `tenants:
  - id: a0000000-0000-0000-0000-000000000001
    name: Clinic
    time_zone: America/New_York
    phone_numbers: ["+15550100001"]
    owner: { phone: "+15550100900" }
    twilio: { account_sid: AC00000000000000000000000000000001, auth_token_env: CLINIC_TOKEN }
    booking: { hold_minutes: 10 }
    calendars:
      - { id: cal, display_name: Chair, kind: builtin, working_hours: { mon: ["09:00-12:00", "13:00-17:00"] } }
    offerings:
      - { id: checkup, name: Checkup, duration_minutes: 30, calendars: [cal] }
`;

const parse = (text: string) => parseTenantFile(text, "/nowhere");

/** The clinic's file with one thing changed, which must be there. */
function changed(from: string, to: string): string {
  if (!clinic.includes(from)) throw new Error(`the clinic's file holds no ${from}`);
  return clinic.replace(from, to);
}

/** The clinic and a second business, which differs in the words given. */
function withSecond(...words: [from: string, to: string][]): string {
  const second = words.reduce(
    (text, [from, to]) => text.replace(from, to),
    clinic.replace("name: Clinic", "name: Garage"),
  );
  return clinic + second.replace("tenants:\n", "");
}

describe("a good tenant file", () => {
  test("the example holds two businesses, one whose offerings need an address, and no secret", async () => {
    const { tenants } = await readTenantFile(fileURLToPath(new URL("../../../tenants.example.yaml", import.meta.url)));
    expect(tenants.map((tenant) => tenant.name)).toEqual(["Smile Dental", "Harbor Plumbing"]);
    expect(tenants[1]?.offerings.every((offering) => offering.needs_address)).toBe(true);
    expect(tenants.map((tenant) => tenant.twilio.auth_token ?? tenant.vapi?.secret)).toEqual([undefined, undefined]);
  });

  test("what is left out gets its default", () => {
    const [tenant] = parse(changed("    booking: { hold_minutes: 10 }\n", "")).tenants;
    expect(tenant?.booking).toEqual({
      slot_step_minutes: 30,
      min_notice_minutes: 120,
      horizon_days: 60,
      hold_minutes: 10,
    });
    expect(tenant?.offerings[0]).toMatchObject({
      aliases: [],
      buffer_after_minutes: 0,
      needs_address: false,
      price_hint: "",
    });
    expect(tenant?.owner).toEqual({ phone: "+15550100900", vip_phone: "", email: "", hot_lead_alert_phone: "" });
  });

  test("working hours become spans, Monday first", () => {
    const [tenant] = parse(
      changed('mon: ["09:00-12:00", "13:00-17:00"]', 'sun: ["22:00 – 24:00"], mon: ["09:00-12:00"]'),
    ).tenants;
    expect(tenant?.calendars[0]?.working_hours).toEqual([
      { weekday: 1, from: "09:00", to: "12:00" },
      { weekday: 7, from: "22:00", to: "24:00" },
    ]);
  });

  test.each([
    ["(212) 555-0187", "", "+12125550187"],
    ["+1-555-1234", "", "+15551234"],
    ["+44 20 7946 0958", "", "+442079460958"],
    ["020 7946 0958", "country: GB", "+442079460958"],
  ])("the phone number %s is taken as E.164 (%s)", (written, country, expected) => {
    const text = changed('phone_numbers: ["+15550100001"]', `phone_numbers: ["${written}"]\n    ${country}`);
    expect(parse(text).tenants[0]?.phone_numbers).toEqual([expected]);
  });
});

const oneOfTwilio = "twilio: { account_sid: AC00000000000000000000000000000001, auth_token_env: CLINIC_TOKEN }";
const kind = "kind: builtin";
const hours = 'mon: ["09:00-12:00", "13:00-17:00"]';

const badFiles: [text: string, message: string | RegExp][] = [
  ["tenants: [", /^The tenant file is not YAML: .* at line 1, column 11\.$/],
  ["# nothing yet", "The tenant file is empty."],
  ["tenants: []", "The tenant file: tenants must have at least one tenant."],
  ["tenant: []", "The tenant file: tenants is missing."],
  ["- a", "The tenant file must be a block of keys."],
  ["tenants: [1]", "Tenant number 1 must be a block of keys."],
  [changed("name: Clinic", "title: Clinic"), 'Tenant "a0000000-0000-0000-0000-000000000001": name is missing.'],
  [changed("id: a0000000-0000-0000-0000-000000000001", "id: clinic"), 'Tenant "Clinic": id must be a UUID.'],
  [changed("New_York", "Springfield"), 'Tenant "Clinic": time_zone must be an IANA time zone, e.g. America/New_York.'],
  [
    changed("America/New_York", '"+05:00"'),
    'Tenant "Clinic": time_zone must be an IANA time zone, e.g. America/New_York.',
  ],
  [changed('["+15550100001"]', "[+15550100001]"), 'Tenant "Clinic": phone_numbers[0] must be text: put it in quotes.'],
  [
    changed('["+15550100001"]', '["call us"]'),
    'Tenant "Clinic": phone_numbers[0] is not a phone number: "call us" (write it with its country code, e.g. "+15550100001").',
  ],
  [changed('phone: "+15550100900"', 'phone: "12"'), /^Tenant "Clinic": owner\.phone is not a phone number: "12"/],
  [
    changed('["+15550100001"]', '["+15550100001"]\n    country: Texas'),
    'Tenant "Clinic": country must be a country of two letters, e.g. "US".',
  ],
  [changed('phone: "+15550100900"', "email: owner"), 'Tenant "Clinic": owner.email must be an email address.'],
  [
    changed("AC00000000000000000000000000000001", "AC1"),
    'Tenant "Clinic": twilio.account_sid must be "AC" and 32 hexadecimal digits.',
  ],
  [
    changed(", auth_token_env: CLINIC_TOKEN", ""),
    'Tenant "Clinic": twilio needs one of auth_token_env and auth_token.',
  ],
  [
    changed("auth_token_env: CLINIC_TOKEN", "auth_token_env: A, auth_token: b"),
    'Tenant "Clinic": twilio needs one of auth_token_env and auth_token.',
  ],
  [
    changed(oneOfTwilio, `${oneOfTwilio}\n    vapi: {}`),
    'Tenant "Clinic": vapi needs one of secret_env, secret, hmac_secret_env and hmac_secret.',
  ],
  [
    changed(oneOfTwilio, `${oneOfTwilio}\n    vapi: { prompt_extension: Be brief }`),
    'Tenant "Clinic": vapi needs one of secret_env, secret, hmac_secret_env and hmac_secret.',
  ],
  [
    changed(oneOfTwilio, `${oneOfTwilio}\n    lead_score: { booked: 20 }`),
    'Tenant "Clinic": lead_score.base_over_5_minutes is missing.',
  ],
  [
    changed("name: Clinic", "name: Clinic\n    plain_texts: sometimes"),
    'Tenant "Clinic": plain_texts must be true or false.',
  ],
  [
    changed("hold_minutes: 10", "hold_minutes: 0"),
    'Tenant "Clinic": booking.hold_minutes must be a whole number from 1 to 1440.',
  ],
  [
    changed("hold_minutes: 10", "hold_minutes: ten"),
    'Tenant "Clinic": booking.hold_minutes must be a whole number from 1 to 1440.',
  ],
  [
    changed("hold_minutes", "hold_minuts"),
    'Tenant "Clinic": booking has the unknown key "hold_minuts"; did you mean "hold_minutes"?',
  ],
  [
    changed("duration_minutes: 30", "duration: 30, duration_minutes: 30"),
    'Tenant "Clinic": offerings[0] has the unknown key "duration"; did you mean "duration_minutes"?',
  ],
  [
    changed("hold_minutes: 10", "sauce: 1"),
    'Tenant "Clinic": booking has the unknown key "sauce"; known are slot_step_minutes, min_notice_minutes, horizon_days, hold_minutes.',
  ],
  [changed(", duration_minutes: 30", ""), 'Tenant "Clinic": offerings[0].duration_minutes is missing.'],
  [
    changed("calendars: [cal] }", "calendars: [call] }"),
    'Tenant "Clinic": offerings[0].calendars[0] names the calendar "call", which is not one of cal.',
  ],
  [
    changed("calendars: [cal] }", "calendars: [] }"),
    'Tenant "Clinic": offerings[0].calendars must name at least one calendar.',
  ],
  [
    `${clinic}      - { id: checkup, name: Again, duration_minutes: 30, calendars: [cal] }\n`,
    'Tenant "Clinic": offerings[1].id is used twice: "checkup".',
  ],
  [changed(kind, "kind: outlook"), 'Tenant "Clinic": calendars[0].kind must be builtin or google.'],
  [changed(kind, "kind: google"), 'Tenant "Clinic": calendars[0].google is missing.'],
  [
    changed(kind, "kind: google, google: { calendar_id: c, service_account_key_file: k, refresh_token_env: R }"),
    'Tenant "Clinic": calendars[0].google has both service_account_key_file and refresh_token_env: keep one, or none to connect it at Google.',
  ],
  [
    changed(hours, 'mon: ["9-5"]'),
    'Tenant "Clinic": calendars[0].working_hours.mon[0] must be written "HH:mm-HH:mm" with 24 hours, but is "9-5".',
  ],
  [
    changed(hours, 'mon: ["17:00-09:00"]'),
    'Tenant "Clinic": calendars[0].working_hours.mon[0] must end after it begins, but is "17:00-09:00" (a night is two times: one until 24:00, one from 00:00 of the next day).',
  ],
  [
    changed(hours, 'mon: ["09:00-12:00", "11:00-17:00"]'),
    'Tenant "Clinic": calendars[0].working_hours.mon has times that overlap at 11:00.',
  ],
  [
    changed(hours, 'monday: ["09:00-12:00"]'),
    'Tenant "Clinic": calendars[0].working_hours has the unknown key "monday"; did you mean "mon"?',
  ],
  [changed(`{ ${hours} }`, "{}"), 'Tenant "Clinic": calendars[0].working_hours must have at least one time.'],
  [
    changed(kind, `${kind}, closed: ["2026-02-30"]`),
    'Tenant "Clinic": calendars[0].closed[0] must be a day, "YYYY-MM-DD".',
  ],
  [
    withSecond(['"+15550100001"', '"+15550100002"']),
    'Tenant "Garage": id is used twice: a0000000-0000-0000-0000-000000000001.',
  ],
  [withSecond(["000000000001\n", "000000000002\n"]), 'Tenant "Garage": phone_numbers[0] is used twice: +15550100001.'],
];

describe("a bad tenant file is refused in one sentence", () => {
  test.each(badFiles.map(([text, message]) => [message, text] as const))("%s", (message, text) => {
    expect(() => parse(text)).toThrow(typeof message === "string" ? new TenantFileError(message) : message);
  });

  test("a secret in the place of its variable's name is not repeated", () => {
    const text = changed("CLINIC_TOKEN", '"not-a-name-but-a-secret"');
    expect(() => parse(text)).toThrow(
      /^Tenant "Clinic": twilio\.auth_token_env must be the name of an environment variable/,
    );
    expect(() => parse(text)).not.toThrow("not-a-name");
  });

  test("a file that is not there is named", async () => {
    await expect(readTenantFile("/nowhere/tenants.yaml")).rejects.toThrow(
      "The tenant file /nowhere/tenants.yaml cannot be read: there is no such file.",
    );
  });
});
