import type { ApplyTenantRequest } from "@bookproof/proto/booking";
import type { CalendarSpec, GoogleCalendar } from "@bookproof/proto/calendar";
import { z } from "zod";

const phone = z.string().regex(/^\+[1-9]\d{6,14}$/, "must be a phone number in E.164");
const phoneOrEmpty = z.union([phone, z.literal("")]);
const secret = z.string().min(1, "must not be empty");
const points = z.int().min(0).max(100);

const calendarKeys = {
  id: z.string().min(1),
  displayName: z.string().min(1),
  /** ISO weekday, "HH:mm" to "HH:mm" in the tenant's zone. */
  workingHours: z.array(
    z.strictObject({ weekday: z.int().min(1).max(7), from: z.string().length(5), to: z.string().length(5) }),
  ),
  /** "YYYY-MM-DD" each. */
  closed: z.array(z.iso.date()),
};
const googleKeys = { ...calendarKeys, kind: z.literal("google"), googleCalendarId: z.string().min(1) };
const calendar = z.union([
  z.strictObject({ ...calendarKeys, kind: z.literal("builtin") }),
  z.strictObject({ ...googleKeys, serviceAccountKey: secret }),
  z.strictObject({ ...googleKeys, refreshToken: secret }),
  // Connected at Google, or to be.
  z.strictObject(googleKeys),
]);

/** One tenant of a file with its secrets in place, as plain JSON: the body of `PUT /api/admin/tenants/:id`. */
export const resolvedTenantSchema = z.strictObject({
  id: z.guid("must be a UUID"),
  name: z.string().min(1),
  timeZone: z.string().min(1),
  phoneNumbers: z.array(phone).min(1),
  /** Empty where not given. */
  owner: z.strictObject({
    phone: phoneOrEmpty,
    vipPhone: phoneOrEmpty,
    email: z.string(),
    hotLeadAlertPhone: phoneOrEmpty,
  }),
  twilio: z.strictObject({ accountSid: z.string().min(1), authToken: secret }),
  /** A secret that is not given is empty. */
  vapi: z
    .strictObject({ secret: z.string(), hmacSecret: z.string(), promptExtension: z.string().default("") })
    .optional(),
  plainTexts: z.boolean().default(false),
  /** Points of a call's lead score; left out for the defaults. */
  leadScoreWeights: z
    .strictObject({
      baseOver5Minutes: points,
      baseUnder5Minutes: points,
      askedAboutPrice: points,
      askedAboutOffering: points,
      positiveSentiment: points,
      booked: points,
      highValue: points,
      alertFrom: z.int().min(1).max(100),
    })
    .optional(),
  bookingRules: z.strictObject({
    slotStepMinutes: z.int(),
    minNoticeMinutes: z.int(),
    horizonDays: z.int(),
    holdMinutes: z.int(),
  }),
  calendars: z.array(calendar).min(1),
  offerings: z
    .array(
      z.strictObject({
        id: z.string().min(1),
        name: z.string().min(1),
        aliases: z.array(z.string()),
        durationMinutes: z.int(),
        bufferBeforeMinutes: z.int(),
        bufferAfterMinutes: z.int(),
        needsAddress: z.boolean(),
        highValue: z.boolean(),
        priceHint: z.string(),
        calendarIds: z.array(z.string()).min(1),
      }),
    )
    .min(1),
});

export type ResolvedTenant = z.infer<typeof resolvedTenantSchema>;
export type ResolvedCalendar = ResolvedTenant["calendars"][number];

/** The tenant as booking takes it. */
export function toApplyTenantRequest(resolved: ResolvedTenant): ApplyTenantRequest {
  const { twilio, vapi, calendars, ...tenant } = resolved;
  return {
    tenant: { ...tenant, workingHours: calendars.flatMap((it) => it.workingHours) },
    twilio,
    ...(vapi ? { vapi } : {}),
    calendars: calendars.map((it) => ({
      id: it.id,
      displayName: it.displayName,
      workingHours: it.workingHours,
      closed: it.closed,
      kind: kindOf(it),
    })),
  };
}

function kindOf(calendar: ResolvedCalendar): CalendarSpec["kind"] {
  if (calendar.kind === "builtin") return { $case: "builtin", value: {} };
  return { $case: "google", value: { calendarId: calendar.googleCalendarId, credential: credentialOf(calendar) } };
}

function credentialOf(calendar: Extract<ResolvedCalendar, { kind: "google" }>): GoogleCalendar["credential"] {
  if ("serviceAccountKey" in calendar) return { $case: "serviceAccountKey", value: calendar.serviceAccountKey };
  if ("refreshToken" in calendar) return { $case: "refreshToken", value: calendar.refreshToken };
  return undefined;
}
