import { z } from "zod";

const differenceSchema = z.object({
  kind: z.enum(["missing", "moved", "declined", "orphan"]),
  eventId: z.string(),
  appointment: z
    .object({
      id: z.string(),
      start: z.string(),
      offering: z.string(),
      customerName: z.string(),
      customerPhone: z.string(),
    })
    .nullable(),
  eventStart: z.string(),
  repaired: z.boolean(),
});

/** The gateway's answer to an audit; times in RFC 3339, "" where there is none. */
export const calendarAuditsSchema = z.object({
  calendars: z.array(
    z.object({
      calendar: z.string(),
      name: z.string(),
      appointments: z.number(),
      events: z.number(),
      unreadableReason: z.string(),
      differences: z.array(differenceSchema),
    }),
  ),
});
export type CalendarAudit = z.infer<typeof calendarAuditsSchema>["calendars"][number];
export type CalendarDifference = CalendarAudit["differences"][number];
