import { IANAZone } from "luxon";
import { z } from "zod";

const e164 = z.string().regex(/^\+\d{7,15}$/, "must be a phone number in E.164");
const e164OrEmpty = z.union([e164, z.literal("")]);
const minutes = z
  .int()
  .min(0)
  .max(24 * 60);
const points = z.int().min(0).max(100);

/** What a tenant must be before it is stored. */
export const tenantSchema = z.object({
  id: z.guid("must be a UUID"),
  name: z.string().min(1, "is missing").max(100),
  timeZone: z.string().refine((zone) => IANAZone.isValidZone(zone), "must be an IANA time zone"),
  phoneNumbers: z.array(e164).min(1, "needs at least one number"),
  owner: z.object({ phone: e164OrEmpty, vipPhone: e164OrEmpty, email: z.string(), hotLeadAlertPhone: e164OrEmpty }),
  bookingRules: z.object({
    slotStepMinutes: z
      .int()
      .min(5)
      .max(24 * 60),
    minNoticeMinutes: z.int().min(0),
    horizonDays: z.int().min(1).max(730),
    holdMinutes: z
      .int()
      .min(1)
      .max(24 * 60),
  }),
  offerings: z
    .array(
      z.object({
        id: z.string().min(1),
        name: z.string().min(1),
        aliases: z.array(z.string()),
        durationMinutes: z
          .int()
          .min(5)
          .max(24 * 60),
        bufferBeforeMinutes: minutes,
        bufferAfterMinutes: minutes,
        needsAddress: z.boolean(),
        highValue: z.boolean(),
        priceHint: z.string(),
        calendarIds: z.array(z.string()).min(1, "needs at least one calendar"),
      }),
    )
    .min(1, "needs at least one offering"),
  plainTexts: z.boolean(),
  leadScoreWeights: z
    .object({
      baseOver5Minutes: points,
      baseUnder5Minutes: points,
      askedAboutPrice: points,
      askedAboutOffering: points,
      positiveSentiment: points,
      booked: points,
      highValue: points,
      alertFrom: points,
    })
    .optional(),
  workingHours: z.array(z.object({ weekday: z.int(), from: z.string(), to: z.string() })),
});
