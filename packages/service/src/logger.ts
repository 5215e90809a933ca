import { currentJourney } from "@bookproof/telemetry";
import { trace } from "@opentelemetry/api";
import { type Logger, pino, stdTimeFunctions } from "pino";

export type { Logger };

/** JSON lines on standard output, each with the service and, as far as there are any, cid, tenant and span of what is being done. */
export function createLogger(service: string, level: string): Logger {
  return pino({
    level,
    base: { service },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    mixin() {
      const { cid, tenantId } = currentJourney();
      const span = trace.getActiveSpan()?.spanContext();
      return {
        ...(cid && { cid }),
        ...(tenantId && { tenantId }),
        ...(span && { traceId: span.traceId, spanId: span.spanId }),
      };
    },
  });
}

/** A phone number as logs may show it: its last four digits, e.g. `***0123`. */
export function maskPhone(phone: string): string {
  return phone === "" ? "" : `***${phone.slice(-4)}`;
}
