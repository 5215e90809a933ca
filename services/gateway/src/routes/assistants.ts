import { BookproofError } from "@bookproof/errors";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { Deps } from "../deps.ts";
import { tenantScope } from "../domain/principal.ts";
import { principalOf } from "./authenticate.ts";

const assistant = z.looseObject({});

/** The voice assistant of a tenant, as the operator's command prints and pushes it. */
export const assistantRoutes = (deps: Deps) => async (app: FastifyInstance) => {
  app.get<{ Params: { id: string } }>("/api/admin/tenants/:id/assistant", async (request) => {
    const tenantId = tenantScope(principalOf(request), request.params.id.toLowerCase());
    // What no tenant can be called is no tenant.
    if (!z.guid().safeParse(tenantId).success) throw new BookproofError("tenant_not_found");
    const caller = { tenantId, callId: "", callerPhone: "", calledPhone: "" };
    const { assistantJson } = await deps.agent.describeAssistant({ caller, baseUrl: deps.config.publicUrl });
    return { assistant: assistant.parse(JSON.parse(assistantJson)) };
  });
};
