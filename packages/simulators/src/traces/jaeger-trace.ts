import {
  type Attributes,
  attributeText,
  type StoredTrace,
  startMicros,
  type TraceSpan,
  toMicros,
} from "./trace-span.ts";

// Jaeger's own words for a trace: internal/uimodel/model.go, and how it makes one of OTLP:
// pkg/translator/jaeger in opentelemetry-collector-contrib.

export type JaegerTag = {
  key: string;
  type: "string" | "bool" | "int64" | "float64";
  value: string | number | boolean;
};
export type JaegerReference = { refType: "CHILD_OF" | "FOLLOWS_FROM"; traceID: string; spanID: string };

export type JaegerSpan = {
  traceID: string;
  spanID: string;
  operationName: string;
  /** The parent first, then the links. */
  references: JaegerReference[];
  /** Microseconds since the epoch. */
  startTime: number;
  /** Microseconds. */
  duration: number;
  tags: JaegerTag[];
  logs: { timestamp: number; fields: JaegerTag[] }[];
  processID: string;
  warnings: null;
};

export type JaegerTrace = {
  traceID: string;
  spans: JaegerSpan[];
  processes: Record<string, { serviceName: string; tags: JaegerTag[] }>;
  warnings: null;
};

/** A trace as Jaeger's HTTP API shows it. */
export function jaegerTrace({ traceId, spans }: StoredTrace): JaegerTrace {
  const processes = new Map<string, { id: string; serviceName: string; tags: JaegerTag[] }>();
  const processOf = ({ service, resource }: TraceSpan): string => {
    const key = JSON.stringify([service, resource]);
    const known = processes.get(key);
    if (known !== undefined) return known.id;
    const { "service.name": _name, ...rest } = resource;
    const id = `p${processes.size + 1}`;
    processes.set(key, { id, serviceName: service, tags: tagsOf(rest) });
    return id;
  };
  return {
    traceID: traceId,
    spans: spans.map((span) => jaegerSpan(span, processOf(span))),
    processes: Object.fromEntries([...processes.values()].map(({ id, ...process }) => [id, process])),
    warnings: null,
  };
}

function jaegerSpan(span: TraceSpan, processID: string): JaegerSpan {
  const nanoseconds = BigInt(span.endTimeUnixNano) - BigInt(span.startTimeUnixNano);
  return {
    traceID: span.traceId,
    spanID: span.spanId,
    operationName: span.name,
    references: references(span),
    startTime: startMicros(span),
    duration: Math.max(0, Number(nanoseconds / 1000n)),
    tags: [
      ...text("otel.scope.name", span.scope),
      ...tagsOf(span.attributes),
      ...text("span.kind", span.kind),
      ...statusTags(span.status),
    ],
    logs: span.events.map(({ name, timeUnixNano, attributes }) => ({
      timestamp: toMicros(timeUnixNano),
      fields: [...text("event", name), ...tagsOf(attributes)],
    })),
    processID,
    warnings: null,
  };
}

function references({ traceId, parentSpanId, links }: TraceSpan): JaegerReference[] {
  const parent = { refType: "CHILD_OF" as const, traceID: traceId, spanID: parentSpanId ?? "" };
  return [
    ...(parentSpanId === undefined ? [] : [parent]),
    ...links.map((link) => ({ refType: "FOLLOWS_FROM" as const, traceID: link.traceId, spanID: link.spanId })),
  ];
}

function statusTags({ code, message }: TraceSpan["status"]): JaegerTag[] {
  return [
    ...text("otel.status_code", code === "unset" ? "" : code.toUpperCase()),
    ...(code === "error" ? [{ key: "error", type: "bool" as const, value: true }] : []),
    ...text("otel.status_description", message),
  ];
}

function text(key: string, value: string): JaegerTag[] {
  return value === "" ? [] : [{ key, type: "string", value }];
}

function tagsOf(attributes: Attributes): JaegerTag[] {
  return Object.entries(attributes).map(([key, value]): JaegerTag => {
    if (typeof value === "boolean") return { key, type: "bool", value };
    if (typeof value === "number") return { key, type: Number.isInteger(value) ? "int64" : "float64", value };
    return { key, type: "string", value: attributeText(value) };
  });
}
