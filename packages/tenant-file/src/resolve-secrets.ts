import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { TenantEntry } from "./file-schema.ts";
import type { TenantFile } from "./parse-tenant-file.ts";
import type { ResolvedCalendar, ResolvedTenant } from "./resolved-tenant.ts";
import { TenantFileError } from "./tenant-file-error.ts";

/** The value of an environment variable, or undefined. An empty value counts as none. */
export type SecretLookup = (name: string) => string | undefined;

/**
 * The tenants with their secrets: from the file, the variables it names and the key files it names.
 * @param options.generate gives the value of a variable that `lookup` does not know
 * @throws TenantFileError naming variable and tenant where a secret is unknown, or file and tenant where a key cannot be read
 */
export function resolveSecrets(
  file: TenantFile,
  lookup: SecretLookup,
  options: { generate?: (name: string) => string } = {},
): ResolvedTenant[] {
  return file.tenants.map((tenant) => {
    const secretOf = (field: string, literal: string | undefined, variable: string | undefined): string => {
      if (literal !== undefined) return literal;
      if (variable === undefined) return "";
      const value = lookup(variable) || options.generate?.(variable);
      if (value) return value;
      throw new TenantFileError(
        `Tenant "${tenant.name}": ${field} names the environment variable ${variable}, which is not set.`,
      );
    };
    const { twilio, vapi, booking, lead_score: leadScore } = tenant;
    return {
      id: tenant.id,
      name: tenant.name,
      timeZone: tenant.time_zone,
      phoneNumbers: tenant.phone_numbers,
      owner: {
        phone: tenant.owner.phone,
        vipPhone: tenant.owner.vip_phone,
        email: tenant.owner.email,
        hotLeadAlertPhone: tenant.owner.hot_lead_alert_phone,
      },
      twilio: {
        accountSid: twilio.account_sid,
        authToken: secretOf("twilio.auth_token_env", twilio.auth_token, twilio.auth_token_env),
      },
      ...(vapi
        ? {
            vapi: {
              secret: secretOf("vapi.secret_env", vapi.secret, vapi.secret_env),
              hmacSecret: secretOf("vapi.hmac_secret_env", vapi.hmac_secret, vapi.hmac_secret_env),
              promptExtension: vapi.prompt_extension,
            },
          }
        : {}),
      plainTexts: tenant.plain_texts,
      ...(leadScore
        ? {
            leadScoreWeights: {
              baseOver5Minutes: leadScore.base_over_5_minutes,
              baseUnder5Minutes: leadScore.base_under_5_minutes,
              askedAboutPrice: leadScore.asked_about_price,
              askedAboutOffering: leadScore.asked_about_offering,
              positiveSentiment: leadScore.positive_sentiment,
              booked: leadScore.booked,
              highValue: leadScore.high_value,
              alertFrom: leadScore.alert_from,
            },
          }
        : {}),
      bookingRules: {
        slotStepMinutes: booking.slot_step_minutes,
        minNoticeMinutes: booking.min_notice_minutes,
        horizonDays: booking.horizon_days,
        holdMinutes: booking.hold_minutes,
      },
      calendars: tenant.calendars.map((calendar, index) =>
        resolveCalendar(calendar, {
          refreshToken: (variable) => secretOf(`calendars[${index}].google.refresh_token_env`, undefined, variable),
          keyFile: (path) => readKeyFile(tenant.name, resolve(file.directory, path)),
        }),
      ),
      offerings: tenant.offerings.map((offering) => ({
        id: offering.id,
        name: offering.name,
        aliases: offering.aliases,
        durationMinutes: offering.duration_minutes,
        bufferBeforeMinutes: offering.buffer_before_minutes,
        bufferAfterMinutes: offering.buffer_after_minutes,
        needsAddress: offering.needs_address,
        highValue: offering.high_value,
        priceHint: offering.price_hint,
        calendarIds: offering.calendars,
      })),
    };
  });
}

function resolveCalendar(
  calendar: TenantEntry["calendars"][number],
  read: { refreshToken: (variable: string) => string; keyFile: (path: string) => string },
): ResolvedCalendar {
  const common = {
    id: calendar.id,
    displayName: calendar.display_name,
    workingHours: calendar.working_hours,
    closed: calendar.closed,
  };
  const { google } = calendar;
  if (google === undefined) return { ...common, kind: "builtin" };
  const atGoogle = { ...common, kind: "google", googleCalendarId: google.calendar_id } as const;
  if (google.service_account_key_file !== undefined)
    return { ...atGoogle, serviceAccountKey: read.keyFile(google.service_account_key_file) };
  if (google.refresh_token_env !== undefined)
    return { ...atGoogle, refreshToken: read.refreshToken(google.refresh_token_env) };
  return atGoogle;
}

function readKeyFile(tenantName: string, path: string): string {
  const refuse = (why: string, cause: unknown) =>
    new TenantFileError(`Tenant "${tenantName}": the service account key file ${path} ${why}.`, { cause });
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw refuse("cannot be read", error);
  }
  try {
    JSON.parse(text);
  } catch (error) {
    throw refuse("is not JSON", error);
  }
  return text;
}

/** Whether the Twilio token of at least one tenant is given, in the file or by a variable that `lookup` knows. */
export function hasTwilioToken(file: TenantFile, lookup: SecretLookup): boolean {
  return file.tenants.some(
    ({ twilio }) => twilio.auth_token !== undefined || Boolean(lookup(twilio.auth_token_env ?? "")),
  );
}

/** The environment variables that the file names, each once. */
export function secretVariables(file: TenantFile): string[] {
  const names = file.tenants.flatMap(({ twilio, vapi, calendars }) => [
    twilio.auth_token_env,
    vapi?.secret_env,
    vapi?.hmac_secret_env,
    ...calendars.map((calendar) => calendar.google?.refresh_token_env),
  ]);
  return [...new Set(names.filter((name) => name !== undefined))];
}
