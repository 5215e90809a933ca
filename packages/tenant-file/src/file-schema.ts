import { DateTime, IANAZone } from "luxon";
import { z } from "zod";
import { isCountry, normalisePhoneNumber } from "./phone-number.ts";
import { secretKeys } from "./secret-keys.ts";
import { strictObject } from "./strict-object.ts";
import { workingHoursSchema } from "./working-hours.ts";

const text = z.string().trim().min(1, "must not be empty");
const shortText = text.max(100, "must have at most 100 characters");
const id = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/,
    "must be letters, digits, - and _ (64 at most), starting with a letter or digit",
  );
const whole = (from: number, to: number) => {
  const error = `must be a whole number from ${from} to ${to}`;
  return z
    .int({ error: (issue) => (issue.input === undefined ? undefined : error) })
    .min(from, error)
    .max(to, error);
};
const MINUTES_A_DAY = 24 * 60;

const twilio = strictObject({
  account_sid: z.string().regex(/^AC[0-9a-fA-F]{32}$/, 'must be "AC" and 32 hexadecimal digits'),
  ...secretKeys("auth_token"),
}).refine((keys) => count(keys.auth_token, keys.auth_token_env) === 1, "needs one of auth_token_env and auth_token");

const vapi = strictObject({
  ...secretKeys("secret"),
  ...secretKeys("hmac_secret"),
  prompt_extension: z.string().trim().max(4_000, "must have at most 4000 characters").default(""),
})
  .refine((keys) => count(keys.secret, keys.secret_env) <= 1, "has both secret and secret_env: keep one")
  .refine(
    (keys) => count(keys.hmac_secret, keys.hmac_secret_env) <= 1,
    "has both hmac_secret and hmac_secret_env: keep one",
  )
  .refine(
    (keys) => count(keys.secret, keys.secret_env, keys.hmac_secret, keys.hmac_secret_env) > 0,
    "needs one of secret_env, secret, hmac_secret_env and hmac_secret",
  );

const google = strictObject({
  calendar_id: text,
  service_account_key_file: text.optional(),
  refresh_token_env: secretKeys("refresh_token").refresh_token_env,
}).refine(
  (keys) => count(keys.service_account_key_file, keys.refresh_token_env) <= 1,
  "has both service_account_key_file and refresh_token_env: keep one, or none to connect it at Google",
);

const calendarKeys = {
  id,
  display_name: shortText,
  working_hours: workingHoursSchema,
  closed: z
    .array(z.string().refine((day) => DateTime.fromFormat(day, "yyyy-MM-dd").isValid, 'must be a day, "YYYY-MM-DD"'))
    .default([]),
};
const calendar = strictObject({
  ...calendarKeys,
  kind: z.enum(["builtin", "google"], {
    error: (issue) => (issue.input === undefined ? undefined : "must be builtin or google"),
  }),
  google: google.optional(),
})
  .refine((it) => it.kind !== "google" || it.google, { error: "is missing", path: ["google"] })
  .refine((it) => it.kind === "google" || !it.google, {
    error: "is only for a calendar of kind google",
    path: ["google"],
  });

const offering = strictObject({
  id,
  name: shortText,
  aliases: z.array(shortText).default([]),
  duration_minutes: whole(5, MINUTES_A_DAY),
  buffer_before_minutes: whole(0, MINUTES_A_DAY).default(0),
  buffer_after_minutes: whole(0, MINUTES_A_DAY).default(0),
  needs_address: z.boolean().default(false),
  high_value: z.boolean().default(false),
  price_hint: z.string().trim().default(""),
  calendars: z.array(z.string()).min(1, "must name at least one calendar"),
});

const points = whole(0, 100);

/** Given whole or not at all: a score is explained part by part, so no part is filled in silently. */
const leadScore = strictObject({
  base_over_5_minutes: points,
  base_under_5_minutes: points,
  asked_about_price: points,
  asked_about_offering: points,
  positive_sentiment: points,
  booked: points,
  high_value: points,
  alert_from: whole(1, 100),
});

const tenantKeys = strictObject({
  // Any UUID's shape: ids handed out by hand carry no version.
  id: z.guid("must be a UUID").toLowerCase(),
  name: shortText,
  country: z.string().refine(isCountry, 'must be a country of two letters, e.g. "US"').default("US"),
  time_zone: z
    .string()
    // Offsets such as +05:00 pass for zones at the runtime, but know no daylight saving time.
    .refine(
      (zone) => /^[A-Za-z]/.test(zone) && IANAZone.isValidZone(zone),
      "must be an IANA time zone, e.g. America/New_York",
    ),
  phone_numbers: z.array(z.string()).min(1, "must have at least one number"),
  owner: strictObject({
    phone: z.string().optional(),
    vip_phone: z.string().optional(),
    email: z.email("must be an email address").optional(),
    hot_lead_alert_phone: z.string().optional(),
  }).prefault({}),
  twilio,
  vapi: vapi.optional(),
  plain_texts: z.boolean().default(false),
  lead_score: leadScore.optional(),
  booking: strictObject({
    slot_step_minutes: whole(5, MINUTES_A_DAY).default(30),
    min_notice_minutes: whole(0, 30 * MINUTES_A_DAY).default(120),
    horizon_days: whole(1, 730).default(60),
    hold_minutes: whole(1, MINUTES_A_DAY).default(10),
  }).prefault({}),
  calendars: z.array(calendar).min(1, "must have at least one calendar"),
  offerings: z.array(offering).min(1, "must have at least one offering"),
});

const tenant = tenantKeys.transform((it, context) => {
  const complain = (path: (string | number)[], message: string) =>
    context.addIssue({ code: "custom", path, message, input: it });

  for (const list of ["calendars", "offerings"] as const)
    for (const [index, value] of repeated(it[list].map((entry) => entry.id)))
      complain([list, index, "id"], `is used twice: "${value}"`);
  const calendarIds = new Set(it.calendars.map((entry) => entry.id));
  for (const [index, { calendars }] of it.offerings.entries())
    for (const [position, name] of calendars.entries())
      if (!calendarIds.has(name))
        complain(
          ["offerings", index, "calendars", position],
          `names the calendar "${name}", which is not one of ${[...calendarIds].join(", ")}`,
        );

  const phone = (number: string, ...path: (string | number)[]) => {
    const normalised = isCountry(it.country) ? normalisePhoneNumber(number, it.country) : undefined;
    if (normalised === undefined)
      complain(path, `is not a phone number: "${number}" (write it with its country code, e.g. "+15550100001")`);
    return normalised ?? number;
  };
  const ownersPhone = (key: "phone" | "vip_phone" | "hot_lead_alert_phone") => {
    const number = it.owner[key];
    return number === undefined ? "" : phone(number, "owner", key);
  };
  return {
    ...it,
    phone_numbers: it.phone_numbers.map((number, index) => phone(number, "phone_numbers", index)),
    owner: {
      phone: ownersPhone("phone"),
      vip_phone: ownersPhone("vip_phone"),
      email: it.owner.email ?? "",
      hot_lead_alert_phone: ownersPhone("hot_lead_alert_phone"),
    },
  };
});

/** The file as written, checked; phone numbers are E.164 and working hours are spans afterwards. */
export const fileSchema = strictObject({
  tenants: z.array(tenant).min(1, "must have at least one tenant"),
}).superRefine(({ tenants }, context) => {
  for (const [index, value] of repeated(tenants.map((it) => it.id)))
    context.addIssue({ code: "custom", path: ["tenants", index, "id"], message: `is used twice: ${value}` });
  const numbers = tenants.flatMap((it, index) =>
    it.phone_numbers.map((number, position) => ({ number, path: ["tenants", index, "phone_numbers", position] })),
  );
  for (const [index, value] of repeated(numbers.map(({ number }) => number)))
    context.addIssue({ code: "custom", path: numbers[index]?.path ?? [], message: `is used twice: ${value}` });
});

export type TenantEntry = z.output<typeof tenant>;

/** The later places of values that came before. */
function repeated(values: string[]): [number, string][] {
  return [...values.entries()].filter(([index, value]) => values.indexOf(value) < index);
}

function count(...values: unknown[]): number {
  return values.filter((value) => value !== undefined).length;
}
