import { parseRequest } from "@bookproof/service";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Deps } from "../deps.ts";
import { journeyQuery, journeySubject, unknownJourney } from "../domain/journey-query.ts";
import { tenantScope } from "../domain/principal.ts";
import { principalOf } from "./authenticate.ts";
import { showSmsFlow } from "./show-sms-flow.ts";

/** The trace of a journey by cid, or of a customer's journeys by phone (seed 001, step 7). */
export const debugSmsFlowRoutes = (deps: Deps) => async (app: FastifyInstance) => {
  const answer = async (request: FastifyRequest, cidOfPath?: string) => {
    const { tenantId, limit, ...query } = parseRequest(journeyQuery, request.query);
    const scope = tenantScope(principalOf(request), tenantId);
    const subject = journeySubject(query, cidOfPath);
    const flow = await deps.agent.getSmsFlow({ tenantId: scope, subject, limit: limit ?? 0 });
    if (flow.traces.length === 0 && flow.conversations.length === 0) throw unknownJourney();
    return { ...(subject.$case === "cid" ? { cid: subject.value } : {}), ...showSmsFlow(flow) };
  };
  app.get("/api/debug/sms-flow", (request) => answer(request));
  app.get<{ Params: { cid: string } }>("/api/debug/sms-flow/:cid", (request) => answer(request, request.params.cid));
};
