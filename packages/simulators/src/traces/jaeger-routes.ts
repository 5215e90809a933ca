import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { jaegerTrace } from "./jaeger-trace.ts";
import { TraceRefusal } from "./refusal.ts";
import type { SpanStore } from "./span-store.ts";
import { readTraceQuery } from "./trace-query.ts";

const paramsSchema = z.object({ traceID: z.string() });

/** The reading half: Jaeger's HTTP JSON API, as far as a search by service and tags needs it. */
export function addJaegerRoutes(app: FastifyInstance, store: SpanStore): void {
  app.get("/api/services", async () => {
    const services = store.services();
    return jaegerAnswer(services, services.length);
  });
  app.get("/api/traces", async (request) => {
    const { filter, limit } = readTraceQuery(request.query);
    return jaegerAnswer(store.find(filter).slice(0, limit).map(jaegerTrace));
  });
  app.get("/api/traces/:traceID", async (request) => {
    const id = paramsSchema.parse(request.params).traceID.toLowerCase();
    if (!/^[0-9a-f]{1,32}$/.test(id)) throw new TraceRefusal(400, "a trace ID must be up to 32 hex digits");
    const trace = store.trace(id.padStart(32, "0"));
    if (trace === undefined) throw new TraceRefusal(404, "trace not found");
    return jaegerAnswer([jaegerTrace(trace)]);
  });
}

/** Jaeger says a total of services only, and never a limit. */
function jaegerAnswer(data: unknown[], total = 0): object {
  return { data, total, limit: 0, offset: 0, errors: null };
}

/** An error as Jaeger's API says it. */
export function jaegerError(code: number, msg: string): object {
  return { data: null, total: 0, limit: 0, offset: 0, errors: [{ code, msg }] };
}
