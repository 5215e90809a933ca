import type { FastifyInstance } from "fastify";
import { ZodError } from "zod";
import type { FaultVendor } from "../faults/install-faults.ts";
import type { SimulatorLog } from "../http/create-server.ts";
import { OauthRefusal, oauthErrorBody } from "./oauth/oauth-refusal.ts";
import { documentedError, GoogleRefusal, googleErrorBody } from "./refusal.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** The method's id in Google's description, as `calendar.events.insert`. */
    operation?: string;
  }
}

/** Gives every error the body that Google gives it. */
export function answerErrorsLikeGoogle(app: FastifyInstance, log: SimulatorLog | undefined): void {
  app.setNotFoundHandler(async (_request, reply) => reply.code(404).send(documentedError(404)));
  app.setErrorHandler(async (error, request, reply) => {
    if (error instanceof GoogleRefusal) return reply.code(error.code).send(googleErrorBody(error.code, error.item));
    if (error instanceof OauthRefusal) {
      return reply.code(error.status).send(oauthErrorBody(error.error, error.message));
    }
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof ZodError) return reply.code(400).send(documentedError(400, "badRequest", message));
    if (isRefusedByServer(error)) return reply.code(400).send(documentedError(400, "parseError", "Parse Error"));
    log?.({ event: "error", url: request.url, message });
    return reply.code(500).send(documentedError(500, "backendError", message));
  });
}

/** A body that is no JSON, or none of the types that are read. */
function isRefusedByServer(error: unknown): boolean {
  const status: unknown = Reflect.get(Object(error), "statusCode");
  return error instanceof SyntaxError || (typeof status === "number" && status >= 400 && status < 500);
}

const OAUTH_PATHS = /^\/(token|revoke|o\/oauth2)\b/;

/** What rules match on, and the words of a planned error. */
export const googleFaults: FaultVendor = {
  facts: (request) => ({
    method: request.method,
    path: request.url,
    text: JSON.stringify(request.body ?? ""),
    operation: request.routeOptions.config.operation,
  }),
  errorBody({ status, code, message }, { path }) {
    const reason = code === undefined ? undefined : String(code);
    if (OAUTH_PATHS.test(path)) {
      return oauthErrorBody(reason ?? "internal_failure", message ?? "Simulated failure");
    }
    return documentedError(status, reason, message);
  },
};
