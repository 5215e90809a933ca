import { parseRequest } from "@bookproof/service";
import { runWithCid } from "@bookproof/telemetry";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { Deps } from "../deps.ts";
import { journeyCid } from "../domain/journey-query.ts";
import { tenantScope } from "../domain/principal.ts";
import { principalOf } from "./authenticate.ts";

const resolveBody = z.object({ cid: z.string("is missing").min(1, "is missing") }, "must be a JSON object");

/** What a human does to a conversation. */
export const conversationRoutes = (deps: Deps) => async (app: FastifyInstance) => {
  app.post("/api/conversations/resolve", async (request) => {
    const cid = journeyCid(parseRequest(resolveBody, request.body).cid);
    const scope = tenantScope(principalOf(request), undefined);
    const { tenantId, wasWaiting, cids } = await deps.agent.resolveConversation({ tenantId: scope, cid });
    // Only now it is known to be a journey's: what else may stand there is no name for log lines and spans.
    return runWithCid(cid, async () => {
      const escalations = await Promise.all(
        cids.map((raisedBy) => deps.notifier.resolveEscalations({ tenantId, cid: raisedBy })),
      );
      return { resolved: wasWaiting || escalations.some(({ resolved }) => resolved > 0) };
    });
  });
};
