import { createHash, timingSafeEqual } from "node:crypto";
import { BookproofError } from "@bookproof/errors";
import { learnJourney } from "@bookproof/telemetry";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Deps } from "../deps.ts";
import type { Principal } from "../domain/principal.ts";
import { selectTokenByHash } from "../queries/tokens.ts";

/** Guards every route of this instance: `Authorization: Bearer <token>`, checked before the body is read. */
export function requireSignIn(app: FastifyInstance, deps: Deps): void {
  app.decorateRequest("principal");
  app.addHook("onRequest", async (request, reply) => {
    reply.header("cache-control", "no-store");
    request.setDecorator("principal", await authenticate(deps, request.headers.authorization));
  });
  app.addHook("preHandler", async (request) => {
    const principal = principalOf(request);
    if (principal.role === "tenant_admin") learnJourney({ tenantId: principal.tenantId });
  });
}

/** Who made this call; only behind `requireSignIn`. */
export function principalOf(request: FastifyRequest): Principal {
  return request.getDecorator<Principal>("principal");
}

/** The hash under which a token is stored. */
export function hashToken(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

/** Who presents an `Authorization` header. @throws BookproofError `unauthenticated`; `unavailable` when it cannot be looked up */
export async function authenticate(deps: Deps, header: string | undefined): Promise<Principal> {
  const token = /^Bearer +(\S{1,200})$/i.exec(header ?? "")?.[1];
  if (!token) throw new BookproofError("unauthenticated");
  const hash = hashToken(token);
  const { bootstrapAdminToken } = deps.config;
  if (bootstrapAdminToken && timingSafeEqual(Buffer.from(hash), Buffer.from(hashToken(bootstrapAdminToken)))) {
    return { role: "platform_owner" };
  }
  const row = await selectTokenByHash(deps.pool, hash).catch((error: unknown) => {
    throw new BookproofError("unavailable", undefined, { cause: error });
  });
  if (!row) throw new BookproofError("unauthenticated");
  return row.role === "tenant_admin" && row.tenantId
    ? { role: "tenant_admin", tenantId: row.tenantId }
    : { role: "platform_owner" };
}
