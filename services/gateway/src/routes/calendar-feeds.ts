import { randomBytes } from "node:crypto";
import { parseRequest } from "@bookproof/service";
import type { FastifyInstance } from "fastify";
import type { Deps } from "../deps.ts";
import { feedQuery, newFeedBody, tenantOfCall } from "../domain/calendar-request.ts";
import { hashToken, principalOf } from "./authenticate.ts";

/** The links by which calendars are read elsewhere: shown once, kept as a hash. */
export const calendarFeedsRoutes = (deps: Deps) => async (app: FastifyInstance) => {
  app.post("/api/calendars/feeds", async (request, reply) => {
    const { tenantId: asked, calendarId, replace } = parseRequest(newFeedBody, request.body);
    const tenantId = tenantOfCall(principalOf(request), asked);
    const token = randomBytes(32).toString("base64url");
    await deps.calendar.createFeed({ tenantId, calendarId, tokenSha256: hashToken(token), replace });
    return reply.code(201).send({ url: `${deps.config.publicUrl}/api/calendars/${token}.ics` });
  });

  app.delete("/api/calendars/feeds", async (request) => {
    const { tenantId: asked, calendarId } = parseRequest(feedQuery, request.query);
    const tenantId = tenantOfCall(principalOf(request), asked);
    const { existed } = await deps.calendar.deleteFeed({ tenantId, calendarId });
    return { revoked: existed };
  });
};
