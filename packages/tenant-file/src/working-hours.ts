import { z } from "zod";
import { strictObject } from "./strict-object.ts";

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

/** One span of working time on an ISO weekday (1 Monday … 7 Sunday), in the tenant's zone; "24:00" ends a day. */
export type WorkingSpan = { weekday: number; from: string; to: string };

const TIME = /^(?:[01]\d|2[0-3]):[0-5]\d$/;

/** "09:00-17:00", any dash, spaces around it allowed. */
const span = z.string().transform((text, context) => {
  const [from = "", to = "", ...rest] = text.split(/\s*[-–—]\s*/);
  const readable = rest.length === 0 && TIME.test(from) && (TIME.test(to) || to === "24:00");
  // Times of one width compare as text.
  if (readable && from < to) return { from, to };
  const message = readable
    ? `must end after it begins, but is "${text}" (a night is two times: one until 24:00, one from 00:00 of the next day)`
    : `must be written "HH:mm-HH:mm" with 24 hours, but is "${text}"`;
  context.addIssue({ code: "custom", message });
  return z.NEVER;
});

const day = z
  .array(span)
  .superRefine((spans, context) => {
    const sorted = [...spans].sort((left, right) => left.from.localeCompare(right.from));
    const overlap = sorted.find((later, index) => (sorted[index - 1]?.to ?? "") > later.from);
    if (overlap) context.addIssue({ code: "custom", message: `has times that overlap at ${overlap.from}` });
  })
  .optional();

/** `{ mon: ["09:00-12:00", "13:00-17:00"], … }` as a list of spans, Monday first. */
export const workingHoursSchema = strictObject({
  mon: day,
  tue: day,
  wed: day,
  thu: day,
  fri: day,
  sat: day,
  sun: day,
})
  .transform((week): WorkingSpan[] =>
    DAYS.flatMap((name, index) => (week[name] ?? []).map((times) => ({ weekday: index + 1, ...times }))),
  )
  .refine((spans) => spans.length > 0, "must have at least one time");
