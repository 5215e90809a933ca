import type { CallContext, ServerMiddlewareCall } from "nice-grpc-common";
import { openTelemetryServerMiddleware } from "nice-grpc-opentelemetry";

const trace = openTelemetryServerMiddleware();

/** A span for each call of a service of ours. Health and reflection are asked all the time and tell nothing. */
export function serverTracing<Request, Response>(call: ServerMiddlewareCall<Request, Response>, context: CallContext) {
  return call.method.path.startsWith("/grpc.") ? call.next(call.request, context) : trace(call, context);
}
