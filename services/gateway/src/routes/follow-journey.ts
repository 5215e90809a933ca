import { joinJourney } from "@bookproof/telemetry";
import { trace } from "@opentelemetry/api";
import type { FastifyInstance } from "fastify";

/** Each request is the entry of a journey that is found out on the way; its span is named for its route. */
export function followJourney(app: FastifyInstance): void {
  app.addHook("onRequest", async ({ method, routeOptions: { url } }) => {
    const span = trace.getActiveSpan();
    if (!span || !url) return;
    span.setAttribute("http.route", url);
    span.updateName(`${method} ${url}`);
  });
  // Not sooner: what reads a body goes on outside of where the request came in.
  app.addHook("preHandler", (_request, _reply, done) => joinJourney({}, done));
}
