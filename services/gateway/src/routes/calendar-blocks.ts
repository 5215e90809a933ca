import { randomUUID } from "node:crypto";
import { BookproofError } from "@bookproof/errors";
import type { BlockedTime, TimeRange } from "@bookproof/proto/calendar";
import { parseRequest } from "@bookproof/service";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { Deps } from "../deps.ts";
import { blockBody, blocksQuery, tenantOfCall, unblockQuery } from "../domain/calendar-request.ts";
import { principalOf } from "./authenticate.ts";

const pageSize = 1_000;

/** Times of built-in calendars that take no bookings. */
export const calendarBlocksRoutes = (deps: Deps) => async (app: FastifyInstance) => {
  app.get("/api/calendars/blocks", async (request) => {
    const { tenantId: asked, calendarId = "" } = parseRequest(blocksQuery, request.query);
    const blocks = await readAllBlocks(deps, tenantOfCall(principalOf(request), asked), calendarId);
    return { blocks: blocks.sort((a, b) => startOf(a) - startOf(b)).map(showBlock) };
  });

  app.post("/api/calendars/blocks", async (request, reply) => {
    const { tenantId: asked, calendarId, from, to, reason } = parseRequest(blockBody, request.body);
    const tenantId = tenantOfCall(principalOf(request), asked);
    const block = { id: randomUUID(), calendarId, range: { from, to }, reason };
    const { appointments } = await deps.calendar.blockTime({ tenantId, ...block });
    return reply.code(201).send({
      ...showBlock(block),
      appointments: appointments.map(({ range, ...appointment }) => ({ ...appointment, ...showRange(range) })),
    });
  });

  app.delete<{ Params: { id: string } }>("/api/calendars/blocks/:id", async (request) => {
    const { tenantId: asked } = parseRequest(unblockQuery, request.query);
    const tenantId = tenantOfCall(principalOf(request), asked);
    const { id } = request.params;
    // What no blocked time can be called is none.
    if (!z.guid().safeParse(id).success) throw new BookproofError("blocked_time_not_found");
    await deps.calendar.unblockTime({ tenantId, id });
    return { unblocked: true };
  });
};

async function readAllBlocks(deps: Deps, tenantId: string, calendarId: string): Promise<BlockedTime[]> {
  const all: BlockedTime[] = [];
  while (true) {
    const page = { tenantId, calendarId, afterId: all.at(-1)?.id ?? "", limit: pageSize };
    const { blockedTimes } = await deps.calendar.listBlockedTimes(page);
    all.push(...blockedTimes);
    if (blockedTimes.length < pageSize) return all;
  }
}

const startOf = ({ range }: BlockedTime): number => range?.from?.getTime() ?? 0;

const showRange = (range: TimeRange | undefined) => ({
  from: range?.from?.toISOString(),
  to: range?.to?.toISOString(),
});

const showBlock = ({ id, calendarId, range, reason }: BlockedTime) => ({ id, calendarId, ...showRange(range), reason });
