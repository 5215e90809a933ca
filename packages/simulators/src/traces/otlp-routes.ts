import { isNativeError } from "node:util/types";
import { gunzipSync } from "node:zlib";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import type { MetricStore } from "./metric-store.ts";
import { readMetricPoints } from "./otlp-metrics.ts";
import { readSpans } from "./otlp-traces.ts";
import { listOf } from "./otlp-values.ts";
import { TraceRefusal } from "./refusal.ts";
import type { SpanStore } from "./span-store.ts";

/** What OTLP recommends, packed and unpacked. */
const BODY_LIMIT_BYTES = 20 * 1024 * 1024;

const logsSchema = z.object({ resourceLogs: listOf(z.object({})) });

/** The writing half: OTLP/HTTP in JSON. A body is kept as a whole or not at all; log records are only looked at. */
export function addOtlpRoutes(app: FastifyInstance, spans: SpanStore, metrics: MetricStore): void {
  readJsonBodies(app);
  app.post("/v1/traces", async (request) => {
    spans.add(readSpans(request.body));
    return {};
  });
  app.post("/v1/metrics", async (request) => {
    metrics.add(readMetricPoints(request.body));
    return {};
  });
  app.post("/v1/logs", async (request) => {
    logsSchema.parse(request.body);
    return {};
  });
}

function readJsonBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  const options = { parseAs: "buffer", bodyLimit: BODY_LIMIT_BYTES } as const;
  app.addContentTypeParser("application/json", options, async (request: FastifyRequest, body: Buffer) => {
    const encoding = request.headers["content-encoding"] ?? "identity";
    const plain = unpack(encoding, body).toString("utf8");
    try {
      return JSON.parse(plain) as unknown;
    } catch {
      throw new TraceRefusal(400, "the body is not JSON");
    }
  });
}

function unpack(encoding: string, body: Buffer): Buffer {
  if (encoding === "identity") return body;
  if (encoding !== "gzip") throw new TraceRefusal(415, "a body may be packed with gzip only");
  try {
    return gunzipSync(body, { maxOutputLength: BODY_LIMIT_BYTES });
  } catch (error) {
    if (isNativeError(error) && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE")
      throw new TraceRefusal(413, "the body is larger than 20 MiB");
    throw new TraceRefusal(400, "the body is not gzip");
  }
}
