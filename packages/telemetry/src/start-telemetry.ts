import { HttpInstrumentation } from "@opentelemetry/instrumentation-http";
import { PgInstrumentation } from "@opentelemetry/instrumentation-pg";
import { RuntimeNodeInstrumentation } from "@opentelemetry/instrumentation-runtime-node";
import { UndiciInstrumentation } from "@opentelemetry/instrumentation-undici";
import { startNodeSdk } from "@opentelemetry/sdk-node";
import { BatchSpanProcessor, type SpanExporter, type SpanProcessor } from "@opentelemetry/sdk-trace";
import { JourneySpanProcessor } from "./journey-span-processor.ts";
import { ServicePropagator } from "./service-propagator.ts";
import { atStop } from "./stop-telemetry.ts";
import { isExported, isScraped } from "./telemetry-env.ts";

/** Paths that are asked all the time and tell nothing. */
const probes = /^\/(livez|readyz|metrics)\b/;

/** Starts OpenTelemetry by its own environment variables; the service's name is OTEL_SERVICE_NAME. */
export async function startTelemetry(env: NodeJS.ProcessEnv): Promise<void> {
  env.OTEL_LOGS_EXPORTER ??= "none";
  // The others find out about the host one after the other, and complain when somebody reads meanwhile.
  env.OTEL_NODE_RESOURCE_DETECTORS ??= "service";
  env.OTEL_METRICS_EXPORTER ??= [
    ...(isExported(env) ? ["otlp"] : []),
    ...(isScraped(env) ? ["prometheus"] : []),
  ].join();
  env.OTEL_SEMCONV_STABILITY_OPT_IN ??= "http,database";
  const sdk = startNodeSdk({
    logLevel: env.OTEL_LOG_LEVEL ?? "error",
    propagators: [new ServicePropagator()],
    spanProcessors: isExported(env) ? [await createSpanProcessor(env)] : [],
    instrumentations: [
      new HttpInstrumentation({ ignoreIncomingRequestHook: ({ url = "" }) => probes.test(url) }),
      new UndiciInstrumentation({ requireParentforSpans: true }),
      new PgInstrumentation({ requireParentSpan: true, ignoreConnectSpans: true }),
      new RuntimeNodeInstrumentation(),
    ],
  });
  atStop(() => sdk.shutdown());
}

async function createSpanProcessor(env: NodeJS.ProcessEnv): Promise<SpanProcessor> {
  const scheduledDelayMillis = Number(env.OTEL_BSP_SCHEDULE_DELAY) || 2_000;
  const maxQueueSize = Number(env.OTEL_BSP_MAX_QUEUE_SIZE) || 20_000;
  const exporter = await createExporter(env);
  return new JourneySpanProcessor(new BatchSpanProcessor({ exporter, scheduledDelayMillis, maxQueueSize }));
}

/** OTLP by OTEL_EXPORTER_OTLP_PROTOCOL: http/protobuf unless said, http/json or grpc. */
async function createExporter(env: NodeJS.ProcessEnv): Promise<SpanExporter> {
  switch (env.OTEL_EXPORTER_OTLP_TRACES_PROTOCOL ?? env.OTEL_EXPORTER_OTLP_PROTOCOL) {
    case "grpc":
      return new (await import("@opentelemetry/exporter-trace-otlp-grpc")).OTLPTraceExporter();
    case "http/json":
      return new (await import("@opentelemetry/exporter-trace-otlp-http")).OTLPTraceExporter();
    default:
      return new (await import("@opentelemetry/exporter-trace-otlp-proto")).OTLPTraceExporter();
  }
}
