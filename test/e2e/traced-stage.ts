import { startTraceBackend } from "@bookproof/simulators";
import { openStage } from "../demo/stage.ts";

export type TracedStage = Awaited<ReturnType<typeof openTracedStage>>;

/** The whole system as real processes that send their spans and measurements to a backend here, and every line they wrote. */
export async function openTracedStage(options: { kafka?: boolean; env?: NodeJS.ProcessEnv } = {}) {
  const backend = await startTraceBackend();
  const log: { service: string; line: string }[] = [];
  const stage = await openStage({
    kafka: options.kafka ?? false,
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: backend.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
      OTEL_BSP_SCHEDULE_DELAY: "200",
      // What is tested is that each span is there: a burst of requests must not crowd any out.
      OTEL_BSP_MAX_QUEUE_SIZE: "500000",
      OTEL_METRIC_EXPORT_INTERVAL: "1000",
      OTEL_METRIC_EXPORT_TIMEOUT: "1000",
      FEATURE_TRACE_SMS: "true",
      ...options.env,
    },
    onLine: (service, line) => log.push({ service, line }),
  }).catch(async (error: unknown) => {
    await backend.close();
    throw error;
  });
  return {
    stage,
    backend,
    log,
    /** Ends the services first, which send what they still have; it can be read afterwards. */
    async close() {
      await stage.close();
      await backend.close();
    },
  };
}
