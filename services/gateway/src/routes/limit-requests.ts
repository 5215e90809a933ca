import { BookproofError } from "@bookproof/errors";
import { reportRefusals } from "@bookproof/service";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { RequestLimit } from "../config.ts";
import type { Deps } from "../deps.ts";

/**
 * Bounds the requests of this instance that are open at once, and what their bodies may take. Beyond it a request is refused as
 * `overloaded` before anything of it is read. An open request counts until its handler has answered and its connection is done
 * with it; an event stream counts no longer than until it begins.
 */
export function limitRequests(app: FastifyInstance, deps: Deps, what: string, limit: RequestLimit): void {
  const onRefused = reportRefusals(deps.logger, what);
  const open = new Map<FastifyRequest, { bytes: number; answered: boolean; closed: boolean }>();
  let bytes = 0;

  const leaveOnceDone = (request: FastifyRequest) => {
    const entry = open.get(request);
    if (!entry?.answered || !entry.closed) return;
    open.delete(request);
    bytes -= entry.bytes;
  };

  app.addHook("onRequest", async (request, reply) => {
    const announced = bytesOf(request);
    if (open.size >= limit.requests || bytes + announced > limit.bytes) {
      onRefused();
      throw new BookproofError("overloaded");
    }
    const entry = { bytes: announced, answered: false, closed: false };
    open.set(request, entry);
    bytes += announced;
    reply.raw.once("close", () => {
      entry.closed = true;
      leaveOnceDone(request);
    });
  });
  app.addHook("onSend", async (request, reply) => {
    const entry = open.get(request);
    if (!entry) return;
    entry.answered = true;
    if (String(reply.getHeader("content-type")).startsWith("text/event-stream")) entry.closed = true;
    leaveOnceDone(request);
  });
}

/** What a body may take: what its length says, or, where it says none, the most that is read. */
function bytesOf(request: FastifyRequest): number {
  const { "content-length": length, "transfer-encoding": chunked } = request.headers;
  if (chunked !== undefined) return request.routeOptions.bodyLimit;
  return Math.min(Number(length ?? 0) || 0, request.routeOptions.bodyLimit);
}
