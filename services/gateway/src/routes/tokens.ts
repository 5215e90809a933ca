import { randomBytes } from "node:crypto";
import { parseRequest } from "@bookproof/service";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { Deps } from "../deps.ts";
import { requirePlatformOwner } from "../domain/principal.ts";
import { insertToken } from "../queries/tokens.ts";
import { hashToken, principalOf } from "./authenticate.ts";

const tenantId = z.guid({ error: ({ input }) => (input === undefined ? "is missing" : "must be a UUID") });
const tokenBody = z.discriminatedUnion(
  "role",
  [
    z.object({ role: z.literal("tenant_admin"), tenantId }),
    z.object({
      role: z.literal("platform_owner"),
      tenantId: z.undefined("must not be given for a platform owner").optional(),
    }),
  ],
  {
    error: ({ code }) =>
      code === "invalid_union" ? "must be tenant_admin or platform_owner" : "must be a JSON object",
  },
);

/** Tokens of the admin API: shown once, kept as a hash. */
export const tokenRoutes = (deps: Deps) => async (app: FastifyInstance) => {
  app.post("/api/admin/tokens", async (request, reply) => {
    requirePlatformOwner(principalOf(request));
    const { role, tenantId: of } = parseRequest(tokenBody, request.body);
    if (of) await deps.booking.getTenant({ tenantId: of });
    const token = `bp_${randomBytes(32).toString("base64url")}`;
    await insertToken(deps.pool, hashToken(token), { role, tenantId: of ?? null });
    return reply.code(201).send({ token });
  });
};
