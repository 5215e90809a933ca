import {
  type Attributes,
  context,
  propagation,
  ROOT_CONTEXT,
  type SpanKind,
  SpanStatusCode,
  type TextMapGetter,
  type TextMapSetter,
  trace,
} from "@opentelemetry/api";

type Carrier = Record<string, string>;

// With a getter and a setter of its own a carrier is one of our hops; plain HTTP headers are somebody else's.
const getter: TextMapGetter<Carrier> = {
  keys: (carrier) => Object.keys(carrier),
  get: (carrier, key) => carrier[key],
};
const setter: TextMapSetter<Carrier> = {
  set(carrier, key, value) {
    carrier[key] = value;
  },
};

const tracer = () => trace.getTracer("bookproof");

/** The W3C `traceparent` of the span being worked in; undefined without tracing. */
export function currentTraceparent(): string | undefined {
  const carrier: Carrier = {};
  propagation.inject(context.active(), carrier, setter);
  return carrier.traceparent;
}

/** Marks the span being worked in as failed. */
export function markFailed(error: unknown, span = trace.getActiveSpan()): void {
  if (error instanceof Error) span?.recordException(error);
  span?.setStatus({ code: SpanStatusCode.ERROR });
}

const contextOf = (traceparent: string | undefined) =>
  traceparent ? propagation.extract(ROOT_CONTEXT, { traceparent }, getter) : ROOT_CONTEXT;

/** Links the span being worked in to the spans that `traceparent`s of other traces name: it does their work too. */
export function linkToTraces(traceparents: readonly (string | undefined)[]): void {
  const span = trace.getActiveSpan();
  for (const traceparent of traceparents) {
    const linked = trace.getSpanContext(contextOf(traceparent));
    if (span && linked && linked.traceId !== span.spanContext().traceId) span.addLink({ context: linked });
  }
}

/**
 * Runs `work` in a span of its own.
 * @param options.traceparent the span it continues, which may be of another process; the one being worked in if left out
 */
export function runInSpan<T>(
  options: {
    name: string;
    kind: SpanKind;
    attributes?: Attributes;
    traceparent?: string | undefined;
    isRoot?: boolean;
  },
  work: () => Promise<T>,
): Promise<T> {
  const { name, kind, attributes = {}, traceparent, isRoot = false } = options;
  const parent = isRoot || traceparent ? contextOf(traceparent) : context.active();
  return tracer().startActiveSpan(name, { kind, attributes }, parent, async (span) => {
    try {
      return await work();
    } catch (error) {
      markFailed(error, span);
      throw error;
    } finally {
      span.end();
    }
  });
}
