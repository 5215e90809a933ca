/** Whether spans and measurements have anywhere to go (OpenTelemetry's own variables). */
export function isTelemetryWanted(env: NodeJS.ProcessEnv): boolean {
  if (env.OTEL_SDK_DISABLED === "true") return false;
  return isExported(env) || isScraped(env);
}

/** Whether an OTLP receiver takes spans and measurements. */
export const isExported = (env: NodeJS.ProcessEnv): boolean => Boolean(env.OTEL_EXPORTER_OTLP_ENDPOINT);

/** Whether Prometheus fetches measurements, at `http://<OTEL_EXPORTER_PROMETHEUS_HOST>:<…_PORT>/metrics`. */
export const isScraped = (env: NodeJS.ProcessEnv): boolean => Boolean(env.OTEL_EXPORTER_PROMETHEUS_PORT);
