import { BookproofError } from "@bookproof/errors";
import { deterministicUuid } from "@bookproof/postgres";
import type { Caller } from "@bookproof/proto/agent";
import type { TenantConnection } from "@bookproof/proto/booking";
import { learnJourney } from "@bookproof/telemetry";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import type { VapiCredentials } from "../adapters/vapi-credentials.ts";
import type { Deps } from "../deps.ts";
import { type CallFacts, readCallFacts } from "../domain/vapi/call-facts.ts";
import { onlyPost } from "./only-post.ts";
import { traceRefusal } from "./run-vapi-tool.ts";

/** A request of Vapi's whose credential was checked; `owners` are the tenants that have it. */
export interface VapiRequest {
  owners: TenantConnection[];
  /** Parsed JSON of any shape. */
  body: unknown;
  /** Aborts when Vapi no longer waits for the answer. */
  signal: AbortSignal;
}

/** Vapi sends what was said so far with each call of a tool, and all of it, several times over, in the report of its end. */
const bodyLimit = 8 * 1024 * 1024;

/** Reads every body of this instance as the bytes that were sent: signatures are over those. */
export function keepRawBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer" }, async (_request: FastifyRequest, body: Buffer) => body);
}

/** A POST route that answers only holders of a tenant's Vapi credential; 401 comes before anything is read. */
export function vapiRoute(
  app: FastifyInstance,
  url: string,
  { deps, credentials }: { deps: Deps; credentials: VapiCredentials },
  handle: (request: VapiRequest) => Promise<object>,
): void {
  app.post(url, { bodyLimit }, async ({ body, headers }, reply) => {
    const gone = new AbortController();
    reply.raw.once("close", () => gone.abort());
    const rawBody = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
    const find = () => credentials.ownersOf({ headers, rawBody });
    let owners = find();
    if (owners.length === 0) {
      await deps.connections.lookAgain();
      owners = find();
    }
    if (owners.length === 0) throw new BookproofError(deps.connections.isLoaded() ? "unauthenticated" : "unavailable");
    return handle({ owners, body: parseJson(rawBody), signal: gone.signal });
  });
  onlyPost(app, url);
}

/**
 * Who calls: the credential's tenant. Where several share a credential the called number decides, else the tenant that
 * the arguments name.
 * @param message Vapi's, which may carry the call
 * @throws BookproofError `tenant_not_found` when the called number is another tenant's, or nothing decides
 */
export async function callerOf(
  deps: Deps,
  owners: TenantConnection[],
  message: unknown,
  named: { tenantId: string; tool: string },
): Promise<Caller> {
  const read = readCallFacts(message);
  const facts = { ...read, callId: knownId(read.callId) };
  const tenant = tenantOf(deps, owners, facts, named.tenantId.toLowerCase());
  if (tenant) {
    learnJourney({ tenantId: tenant.tenantId });
    return { tenantId: tenant.tenantId, ...facts };
  }
  // Traced under the credential's own tenant: the other one's traces are not its to write.
  const [owner] = owners;
  if (owner) await traceRefusal(deps, { tenantId: owner.tenantId, ...facts }, named.tool);
  throw new BookproofError("tenant_not_found");
}

/** Vapi's ids are UUIDs. What else stands there may be anything, and is known by a UUID that is derived from it: ids are logged. */
function knownId(callId: string): string {
  return callId === "" || z.guid().safeParse(callId).success ? callId : deterministicUuid("call_id", callId);
}

function tenantOf(
  deps: Deps,
  owners: TenantConnection[],
  facts: CallFacts,
  namedTenantId: string,
): TenantConnection | undefined {
  const called = facts.calledPhone ? deps.connections.knownByNumber(facts.calledPhone) : undefined;
  if (called) return owners.find(({ tenantId }) => tenantId === called.tenantId);
  return owners.length === 1 ? owners[0] : owners.find(({ tenantId }) => tenantId === namedTenantId);
}

function parseJson(rawBody: Buffer): unknown {
  try {
    return JSON.parse(rawBody.toString("utf8"));
  } catch {
    throw new BookproofError("invalid_argument", "The body is not valid JSON.");
  }
}
