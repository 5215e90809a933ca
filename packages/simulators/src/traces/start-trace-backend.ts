import type { FastifyInstance } from "fastify";
import { CONTROL_PREFIX } from "../faults/install-faults.ts";
import { createServer, listenLocally } from "../http/create-server.ts";
import { addJaegerRoutes, jaegerError } from "./jaeger-routes.ts";
import { createMetricStore } from "./metric-store.ts";
import type { MetricPoint } from "./otlp-metrics.ts";
import { addOtlpRoutes } from "./otlp-routes.ts";
import { explainError } from "./refusal.ts";
import { createSpanStore, type SpanFilter } from "./span-store.ts";
import type { StoredTrace, TraceSpan } from "./trace-span.ts";

export type TraceBackendOptions = {
  /** 0, the default, takes a free one. */
  port?: number;
  /** How many spans it keeps, the oldest out first; 200,000 by default. */
  maxSpans?: number;
};

export type TraceBackend = {
  /** For `OTEL_EXPORTER_OTLP_ENDPOINT`, with `OTEL_EXPORTER_OTLP_PROTOCOL=http/json`, and for those who ask Jaeger. */
  url: string;
  /** Every span, in the order in which they came. */
  spans(): TraceSpan[];
  /** The traces in which one span is of the service and carries all the tags, newest first. */
  traces(filter?: Pick<SpanFilter, "service" | "tags">): StoredTrace[];
  /** The latest point of each series: per service, metric and attributes. */
  metrics(): MetricPoint[];
  /** Forgets everything. */
  clear(): void;
  close(): Promise<void>;
};

const DEFAULT_MAX_SPANS = 200_000;
const MAX_SERIES = 20_000;

/**
 * Starts a stand-in for a trace backend on 127.0.0.1: it takes OTLP/HTTP in JSON, keeps it in memory, and answers
 * searches as Jaeger's HTTP JSON API does. `GET /_sim/metrics` shows the metrics.
 */
export async function startTraceBackend(options: TraceBackendOptions = {}): Promise<TraceBackend> {
  const spans = createSpanStore(options.maxSpans ?? DEFAULT_MAX_SPANS);
  const metrics = createMetricStore(MAX_SERIES);
  const app = await createServer();
  answerErrors(app);
  addOtlpRoutes(app, spans, metrics);
  addJaegerRoutes(app, spans);
  app.get(`${CONTROL_PREFIX}metrics`, async () => ({ metrics: metrics.latest() }));
  const url = await listenLocally(app, options.port ?? 0);
  return {
    url,
    spans: spans.all,
    traces: (filter = {}) => spans.find(filter),
    metrics: metrics.latest,
    clear() {
      spans.clear();
      metrics.clear();
    },
    close: () => app.close(),
  };
}

function answerErrors(app: FastifyInstance): void {
  const bodyOf = (url: string, code: number, message: string) =>
    url.startsWith("/api/") ? jaegerError(code, message) : { message };
  app.setNotFoundHandler(async ({ method, url }, reply) =>
    reply.code(404).send(bodyOf(url, 404, `there is no ${method} ${url} here`)),
  );
  app.setErrorHandler(async (error, { url }, reply) => {
    const { status, message } = explainError(error);
    return reply.code(status).send(bodyOf(url, status, message));
  });
}
