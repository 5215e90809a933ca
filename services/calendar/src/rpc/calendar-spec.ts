import { IANAZone } from "luxon";
import { z } from "zod";
import { readServiceAccountKey } from "../domain/google-credential.ts";
import { calendarId, tenantId } from "./request-fields.ts";

const startTime = /^([01]\d|2[0-3]):[0-5]\d$/;
const endTime = /^(([01]\d|2[0-3]):[0-5]\d|24:00)$/;

const workingHours = z
  .object({
    weekday: z.int().min(1, "must be 1 to 7").max(7, "must be 1 to 7"),
    from: z.string().regex(startTime, "must be HH:mm"),
    to: z.string().regex(endTime, "must be HH:mm, 24:00 at most"),
  })
  .refine(({ from, to }) => from < to, { path: ["to"], error: "must be later than from" });

const credential = z.discriminatedUnion(
  "$case",
  [
    z.object({
      $case: z.literal("serviceAccountKey"),
      value: z
        .string()
        .refine(
          (text) => readServiceAccountKey(text) !== undefined,
          "must be the JSON key file of a service account, with client_email and private_key",
        ),
    }),
    z.object({ $case: z.literal("refreshToken"), value: z.string().min(1, "must not be empty") }),
  ],
  { error: "must be a service account's key or a refresh token" },
);

const google = z.object({ calendarId: z.string().min(1, "must not be empty"), credential: credential.optional() });
export type GoogleSpec = z.infer<typeof google>;

const kind = z.discriminatedUnion(
  "$case",
  [z.object({ $case: z.literal("builtin") }), z.object({ $case: z.literal("google"), value: google })],
  { error: "must be builtin or google" },
);

const calendarSpec = z.object({
  id: calendarId,
  displayName: z.string().min(1, "must not be empty"),
  kind,
  workingHours: z.array(workingHours),
  closed: z.array(z.iso.date("must be a date, YYYY-MM-DD")),
});
export type CalendarSpec = z.infer<typeof calendarSpec>;

/** What ApplyCalendars accepts. */
export const applyCalendarsRequest = z.object({
  tenantId,
  timeZone: z.string().refine((name) => IANAZone.isValidZone(name), "must be an IANA time zone"),
  calendars: z
    .array(calendarSpec)
    .refine((specs) => new Set(specs.map(({ id }) => id)).size === specs.length, "must have different ids"),
});
