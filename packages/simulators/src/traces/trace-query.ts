import { z } from "zod";
import { TraceRefusal } from "./refusal.ts";
import type { SpanFilter } from "./span-store.ts";

const DEFAULT_LIMIT = 20;

/** Parameters of Jaeger's that would be wrong to pass over in silence. */
const unsupported = ["minDuration", "maxDuration", "traceID"];

const many = z
  .union([z.string(), z.array(z.string())])
  .optional()
  .transform((value) => (value === undefined ? [] : [value].flat()));

const jsonTags = z.string().transform((text, context) => {
  try {
    const parsed = z.record(z.string(), z.string()).safeParse(JSON.parse(text));
    if (parsed.success) return parsed.data;
  } catch {
    // It is no JSON at all: the same sentence.
  }
  context.addIssue({ code: "custom", message: "malformed 'tags' parameter, must be a JSON object of strings" });
  return z.NEVER;
});

const oneTag = z.string().transform((text, context) => {
  const colon = text.indexOf(":");
  if (colon > 0) return { [text.slice(0, colon)]: text.slice(colon + 1) };
  context.addIssue({ code: "custom", message: "malformed 'tag' parameter, must be key:value" });
  return z.NEVER;
});

const micros = (name: string) =>
  z
    .string()
    .regex(/^\d{1,16}$/, `unable to parse param '${name}': must be microseconds since the epoch`)
    .transform(Number)
    .optional();

const required = "parameter 'service' is required";

const querySchema = z
  .looseObject({
    service: z.string(required).min(1, required),
    operation: z.string("parameter 'operation' must be there once").optional(),
    tag: many.pipe(z.array(oneTag)),
    tags: many.pipe(z.array(jsonTags)),
    start: micros("start"),
    end: micros("end"),
    limit: z
      .string()
      .regex(/^[1-9]\d{0,8}$/, "unable to parse param 'limit': must be a number from 1")
      .transform(Number)
      .default(DEFAULT_LIMIT),
  })
  .superRefine((query, context) => {
    const name = unsupported.find((key) => key in query);
    if (name !== undefined) context.addIssue({ code: "custom", message: `parameter '${name}' is not supported here` });
  });

/**
 * The query of `GET /api/traces`. `lookback` counts for nothing, as in Jaeger, whose page makes `start` of it. An absent
 * `start` or `end` is no bound, where Jaeger takes the last two days. Throws a TraceRefusal.
 */
export function readTraceQuery(query: unknown): { filter: SpanFilter; limit: number } {
  const parsed = querySchema.safeParse(query);
  if (!parsed.success) throw new TraceRefusal(400, parsed.error.issues[0]?.message ?? "the query is malformed");
  const { service, operation, tag, tags, start, end, limit } = parsed.data;
  const wanted = Object.fromEntries([...tags, ...tag].flatMap((pairs) => Object.entries(pairs)));
  return { filter: { service, operation, tags: wanted, start, end }, limit };
}
