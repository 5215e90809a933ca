import { BookproofError } from "@bookproof/errors";
import type { FastifyInstance } from "fastify";
import { createVapiCredentials } from "../adapters/vapi-credentials.ts";
import type { Deps } from "../deps.ts";
import { seedAnswer } from "../domain/vapi/tool-answer.ts";
import { tenantNamedBy } from "../domain/vapi/tool-arguments.ts";
import { readToolRequest } from "../domain/vapi/tool-calls.ts";
import { toolNames, toolPaths } from "../domain/vapi/tool-names.ts";
import { answerToolCalls } from "./answer-tool-calls.ts";
import { createVapiToolRunner } from "./run-vapi-tool.ts";
import { callerOf, keepRawBodies, vapiRoute } from "./vapi-request.ts";
import { answerWebhook } from "./vapi-webhook.ts";

/** What Vapi calls: a URL for each tool, in the seed's dialect and in Vapi's own, and the webhook. No rate limit: callers hold a credential. */
export const vapiRoutes = (deps: Deps) => async (app: FastifyInstance) => {
  const credentials = createVapiCredentials(deps.connections.all);
  const runnerFor = createVapiToolRunner(deps);
  keepRawBodies(app);

  for (const tool of toolNames) {
    vapiRoute(app, `/api/vapi/tools${toolPaths[tool]}`, { deps, credentials }, async ({ owners, body, signal }) => {
      const run = runnerFor(signal);
      const request = readToolRequest(body);
      if (!request) throw new BookproofError("invalid_argument", "The body must be a JSON object with a toolCall.");
      if (request.dialect === "vapi") return answerToolCalls(deps, run, { owners, tool, ...request });
      const named = { tenantId: tenantNamedBy(request.call.arguments), tool };
      const caller = await callerOf(deps, owners, body, named);
      return seedAnswer(await run(caller, tool, request.call.arguments));
    });
  }
  vapiRoute(app, "/api/vapi/webhook", { deps, credentials }, (request) =>
    answerWebhook(deps, runnerFor(request.signal), request),
  );
};
