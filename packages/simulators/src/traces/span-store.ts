import { attributeText, type StoredTrace, startMicros, type TraceSpan } from "./trace-span.ts";

/** What one span of a trace must be for the trace to be found. */
export type SpanFilter = {
  service?: string | undefined;
  operation?: string | undefined;
  /** Compared as text, as Jaeger does. */
  tags?: Record<string, string | number | boolean> | undefined;
  /** The earliest and the latest start, in microseconds since the epoch. */
  start?: number | undefined;
  end?: number | undefined;
};

export type SpanStore = {
  /** A span that is there already, by its ids, is replaced: senders repeat what they had no answer to. */
  add(spans: TraceSpan[]): void;
  /** Oldest first. */
  all(): TraceSpan[];
  /** The traces in which one span passes the filter, newest first. */
  find(filter: SpanFilter): StoredTrace[];
  trace(traceId: string): StoredTrace | undefined;
  /** By name. */
  services(): string[];
  clear(): void;
};

/** Keeps the last `max` spans. */
export function createSpanStore(max: number): SpanStore {
  const spans = new Map<string, TraceSpan>();
  const traces = new Map<string, Map<string, TraceSpan>>();

  function add(span: TraceSpan): void {
    spans.set(span.traceId + span.spanId, span);
    const trace = traces.get(span.traceId) ?? new Map<string, TraceSpan>();
    traces.set(span.traceId, trace.set(span.spanId, span));
  }

  function dropOldest(): void {
    for (const [key, { traceId, spanId }] of spans) {
      if (spans.size <= max) return;
      spans.delete(key);
      const trace = traces.get(traceId);
      trace?.delete(spanId);
      if (trace?.size === 0) traces.delete(traceId);
    }
  }

  function trace(traceId: string): StoredTrace | undefined {
    const found = traces.get(traceId);
    if (found === undefined) return undefined;
    return { traceId, spans: [...found.values()].sort((a, b) => startMicros(a) - startMicros(b)) };
  }

  return {
    add(more) {
      for (const span of more) add(span);
      dropOldest();
    },
    all: () => [...spans.values()],
    find(filter) {
      const passed = [...spans.values()].filter((span) => passes(span, filter)).reverse();
      const ids = [...new Set(passed.map(({ traceId }) => traceId))];
      return ids
        .flatMap((id) => trace(id) ?? [])
        .map((found) => ({ found, start: found.spans[0] === undefined ? 0 : startMicros(found.spans[0]) }))
        .sort((a, b) => b.start - a.start)
        .map(({ found }) => found);
    },
    trace,
    services: () => [...new Set([...spans.values()].map(({ service }) => service))].sort(),
    clear() {
      spans.clear();
      traces.clear();
    },
  };
}

function passes(span: TraceSpan, { service, operation, tags = {}, start, end }: SpanFilter): boolean {
  if (service !== undefined && span.service !== service) return false;
  if (operation !== undefined && span.name !== operation) return false;
  if (start !== undefined && startMicros(span) < start) return false;
  if (end !== undefined && startMicros(span) > end) return false;
  return Object.entries(tags).every(([key, value]) => carries(span, key, String(value)));
}

/** As Jaeger: a tag may be the span's, its resource's or one of its events'. */
function carries(span: TraceSpan, key: string, text: string): boolean {
  if (key === "span.kind" && span.kind === text) return true;
  if (key === "error" && span.status.code === "error" && text === "true") return true;
  return [span.attributes, span.resource, ...span.events.map((event) => event.attributes)].some((attributes) => {
    const value = Object.hasOwn(attributes, key) ? attributes[key] : undefined;
    return value !== undefined && attributeText(value) === text;
  });
}
