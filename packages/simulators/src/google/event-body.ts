import { z } from "zod";
import { GoogleRefusal } from "./refusal.ts";

const eventTimeSchema = z.object({
  date: z.string().nullish(),
  dateTime: z.string().nullish(),
  timeZone: z.string().nullish(),
});

/** What a client may write of an event; fields the simulator does not interpret are kept as they are. */
const eventBodySchema = z.looseObject({
  id: z.string().nullish(),
  status: z.enum(["confirmed", "tentative", "cancelled"]).nullish(),
  start: eventTimeSchema.nullish(),
  end: eventTimeSchema.nullish(),
  summary: z.string().nullish(),
  transparency: z.enum(["opaque", "transparent"]).nullish(),
  attendees: z.array(z.looseObject({ email: z.string().nullish() })).nullish(),
  recurrence: z.array(z.string()).nullish(),
  extendedProperties: z
    .object({
      private: z.record(z.string(), z.string().nullable()).nullish(),
      shared: z.record(z.string(), z.string().nullable()).nullish(),
    })
    .nullish(),
});
export type EventBody = z.infer<typeof eventBodySchema>;
export type EventTimeInput = z.infer<typeof eventTimeSchema>;

/**
 * Reads a request's event.
 * @throws GoogleRefusal 400 invalid; 501 for a recurring event, which this simulator does not expand
 */
export function readEventBody(body: unknown): EventBody {
  const parsed = eventBodySchema.safeParse(body ?? {});
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new GoogleRefusal(400, "invalid", `Invalid value for: ${issue?.path.join(".")}: ${issue?.message}`);
  }
  if (parsed.data.recurrence != null && parsed.data.recurrence.length > 0) {
    throw new GoogleRefusal(501, "notImplemented", "Recurring events are not simulated: insert each one by itself");
  }
  return parsed.data;
}

/** PATCH: objects merge, `null` removes, arrays and scalars replace. */
export function mergeBody(stored: Record<string, unknown>, change: Record<string, unknown>): Record<string, unknown> {
  const merged = { ...stored };
  for (const [key, value] of Object.entries(change)) {
    const before = merged[key];
    if (value === null) delete merged[key];
    else if (isObject(value)) merged[key] = mergeBody(isObject(before) ? before : {}, value);
    else if (value !== undefined) merged[key] = value;
  }
  return merged;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
