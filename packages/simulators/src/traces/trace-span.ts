/** An attribute in plain form. An integer past 2^53 is its digits, bytes are base64, a map is its JSON text. */
export type AttributeValue = string | number | boolean | AttributeValue[];

export type Attributes = Record<string, AttributeValue>;

export const spanKinds = ["internal", "server", "client", "producer", "consumer"] as const;
export type SpanKind = (typeof spanKinds)[number];

export const statusCodes = ["unset", "ok", "error"] as const;
export type StatusCode = (typeof statusCodes)[number];

/** A span as it came. Ids are lower-case hex; times are nanoseconds since the epoch, as digits. */
export type TraceSpan = {
  traceId: string;
  spanId: string;
  /** Undefined for the root of a trace. */
  parentSpanId: string | undefined;
  name: string;
  kind: SpanKind;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: Attributes;
  events: { name: string; timeUnixNano: string; attributes: Attributes }[];
  links: { traceId: string; spanId: string; attributes: Attributes }[];
  status: { code: StatusCode; message: string };
  /** The resource's `service.name`. */
  service: string;
  /** The resource's attributes, `service.name` among them. */
  resource: Attributes;
  /** The name of the instrumentation that made it. */
  scope: string;
};

/** The spans of one trace, by start. */
export type StoredTrace = { traceId: string; spans: TraceSpan[] };

/** Microseconds since the epoch, cut off as Jaeger does. */
export function startMicros(span: TraceSpan): number {
  return toMicros(span.startTimeUnixNano);
}

/** Digits of nanoseconds as whole microseconds, which a number holds exactly until the year 2255. */
export function toMicros(nanos: string): number {
  return Number(BigInt(nanos) / 1000n);
}

/** The text that a search compares with: an array is its JSON. */
export function attributeText(value: AttributeValue): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
