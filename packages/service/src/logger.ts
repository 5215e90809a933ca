import { currentJourney } from "@bookproof/telemetry";
import { isSpanContextValid, trace } from "@opentelemetry/api";
import { type Logger, pino, stdTimeFunctions } from "pino";
import { describeError } from "./describe-error.ts";
import { maskContacts } from "./mask.ts";

export type { Logger };

/**
 * JSON lines on standard output, each with the service and, as far as there are any, cid, tenant and span of what is being done.
 * Errors are described without what they quote, and no line has a whole phone number or an e-mail address.
 */
export function createLogger(service: string, level: string): Logger {
  return pino({
    level,
    base: { service },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    serializers: { err: (error: unknown) => describeError(error) },
    hooks: { streamWrite: maskContacts },
    mixin() {
      const { cid, tenantId } = currentJourney();
      const active = trace.getActiveSpan()?.spanContext();
      const span = active && isSpanContextValid(active) ? active : undefined;
      return {
        ...(cid && { cid }),
        ...(tenantId && { tenantId }),
        ...(span && { traceId: span.traceId, spanId: span.spanId }),
      };
    },
  });
}
