import type { ApplyTenantRequest } from "@bookproof/proto/booking";
import type { CalendarSpec } from "@bookproof/proto/calendar";

export const clinicId = "a0000000-0000-0000-0000-000000000001";
export const plumberId = "b0000000-0000-0000-0000-000000000002";
export const clinicPhone = "+15550100001";
export const clinicOwner = "+15550100900";
export const clinicVip = "+15550100901";
export const plumberPhone = "+15550200001";
export const plumberOwner = "+15550200900";
export const clinicToken = "0123456789abcdef0123456789abcdef";
export const clinicVapiSecret = "clinic-vapi-secret-0123456789";
export const plumberVapiSecret = "plumber-vapi-secret-0123456789";
export const clinicHotLeads = "+15550100902";
export const plumberToken = "fedcba9876543210fedcba9876543210";

const everyDay = [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, from: "09:00", to: "17:00" }));
const rules = { slotStepMinutes: 30, minNoticeMinutes: 120, horizonDays: 60, holdMinutes: 10 };
const offering = {
  bufferBeforeMinutes: 0,
  bufferAfterMinutes: 0,
  needsAddress: false,
  highValue: false,
  priceHint: "",
  aliases: [],
};

const builtin = (id: string, displayName: string): CalendarSpec => ({
  id,
  displayName,
  kind: { $case: "builtin", value: {} },
  workingHours: everyDay,
  closed: [],
});

/** A calendar at the Google simulator. */
export const googleCalendar = (id: string, displayName: string, calendarId: string): CalendarSpec => ({
  ...builtin(id, displayName),
  kind: {
    $case: "google",
    value: { calendarId, credential: { $case: "refreshToken", value: `grant-of-${calendarId}` } },
  },
});

/** A clinic open every day 09:00–17:00 in New York. */
export const clinic = (calendar: CalendarSpec = builtin("cal-smith", "Dr. Smith")): ApplyTenantRequest => ({
  tenant: {
    id: clinicId,
    name: "Smile Dental",
    timeZone: "America/New_York",
    phoneNumbers: [clinicPhone],
    owner: { phone: clinicOwner, vipPhone: clinicVip, email: "", hotLeadAlertPhone: clinicHotLeads },
    bookingRules: rules,
    offerings: [
      {
        ...offering,
        id: "consultation",
        name: "Consultation",
        aliases: ["checkup"],
        durationMinutes: 30,
        calendarIds: [calendar.id],
      },
      {
        ...offering,
        id: "whitening",
        name: "Teeth Whitening",
        durationMinutes: 60,
        bufferAfterMinutes: 15,
        calendarIds: [calendar.id],
      },
    ],
    workingHours: [],
    plainTexts: false,
    leadScoreWeights: undefined,
  },
  twilio: { accountSid: "AC00000000000000000000000000000001", authToken: clinicToken },
  vapi: { secret: clinicVapiSecret, hmacSecret: "", promptExtension: "" },
  calendars: [calendar],
});

/** A plumber who needs an address, open every day 09:00–17:00 in Los Angeles. */
export const plumber = (): ApplyTenantRequest => ({
  tenant: {
    id: plumberId,
    name: "Harbor Plumbing",
    timeZone: "America/Los_Angeles",
    phoneNumbers: [plumberPhone],
    owner: { phone: plumberOwner, vipPhone: "", email: "", hotLeadAlertPhone: "" },
    bookingRules: rules,
    offerings: [
      {
        ...offering,
        id: "leak",
        name: "Leak Repair",
        durationMinutes: 60,
        needsAddress: true,
        calendarIds: ["cal-van"],
      },
    ],
    workingHours: [],
    plainTexts: false,
    leadScoreWeights: undefined,
  },
  twilio: { accountSid: "AC00000000000000000000000000000002", authToken: plumberToken },
  vapi: { secret: plumberVapiSecret, hmacSecret: "", promptExtension: "" },
  calendars: [builtin("cal-van", "Van 1")],
});
