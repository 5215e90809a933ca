import { z } from "zod";
import { attributes, enumOf, listOf, nanos, parentSpanId, resource, spanId, text, traceId } from "./otlp-values.ts";
import { spanKinds, statusCodes, type TraceSpan } from "./trace-span.ts";

const statusSchema = z
  .object({ code: enumOf(statusCodes, "unset"), message: text })
  .nullish()
  .transform((status) => status ?? { code: "unset" as const, message: "" });

const spanSchema = z.object({
  traceId,
  spanId,
  parentSpanId,
  name: text,
  // 0 is "unspecified", which a receiver may take as internal.
  kind: enumOf(["internal", ...spanKinds] as const, "internal"),
  startTimeUnixNano: nanos,
  endTimeUnixNano: nanos,
  attributes,
  events: listOf(z.object({ name: text, timeUnixNano: nanos, attributes })),
  links: listOf(z.object({ traceId, spanId, attributes })),
  status: statusSchema,
});

const requestSchema = z.object({
  resourceSpans: listOf(
    z.object({
      resource,
      scopeSpans: listOf(z.object({ scope: z.object({ name: text }).nullish(), spans: listOf(spanSchema) })),
    }),
  ),
});

/** The spans of an ExportTraceServiceRequest in JSON. Throws a ZodError if any of it is wrong. */
export function readSpans(body: unknown): TraceSpan[] {
  return requestSchema
    .parse(body)
    .resourceSpans.flatMap(({ resource: { service, attributes: resourceAttributes }, scopeSpans }) =>
      scopeSpans.flatMap(({ scope, spans }) =>
        spans.map((span) => ({ ...span, service, resource: resourceAttributes, scope: scope?.name ?? "" })),
      ),
    );
}
