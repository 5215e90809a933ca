import { z } from "zod";

const eventTimeSchema = z.object({
  date: z.string().nullish(),
  dateTime: z.string().nullish(),
  timeZone: z.string().nullish(),
});

/** The fields of a request's event that mean something here; Google's description has been checked before. */
const eventBodySchema = z.looseObject({
  id: z.string().nullish(),
  status: z.enum(["confirmed", "tentative", "cancelled"]).nullish(),
  start: eventTimeSchema.nullish(),
  end: eventTimeSchema.nullish(),
  attendees: z.array(z.looseObject({ email: z.string().nullish() })).nullish(),
  recurrence: z.array(z.string()).nullish(),
});
export type EventBody = z.infer<typeof eventBodySchema>;
export type EventTimeInput = z.infer<typeof eventTimeSchema>;

/** Reads a request's event. */
export function readEventBody(body: unknown): EventBody {
  return eventBodySchema.parse(body ?? {});
}

/** PATCH: objects merge, `null` removes, arrays and scalars replace. */
export function mergeBody(stored: Record<string, unknown>, change: Record<string, unknown>): Record<string, unknown> {
  const merged = { ...stored };
  for (const [key, value] of Object.entries(change)) {
    const before = merged[key];
    if (value === null) delete merged[key];
    else if (isObject(value)) merged[key] = mergeBody(isObject(before) ? before : {}, value);
    else if (value !== undefined) merged[key] = withoutNulls(value);
  }
  return merged;
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((item) => item !== null).map(withoutNulls);
  return isObject(value) ? mergeBody({}, value) : value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
