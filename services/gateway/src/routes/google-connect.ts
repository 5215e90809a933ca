import { BookproofError } from "@bookproof/errors";
import type { BeginConnectRequest } from "@bookproof/proto/calendar";
import { parseRequest } from "@bookproof/service";
import { learnJourney } from "@bookproof/telemetry";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import type { Deps } from "../deps.ts";
import { connectCookie, readConnectCookie } from "../domain/connect-cookie.ts";
import { oneTenant } from "../domain/principal.ts";
import { authenticate } from "./authenticate.ts";
import { sendConnectPage } from "./connect-page.ts";
import { handleErrors } from "./error-replies.ts";
import { tenantIdField } from "./tenant-id-field.ts";

const callbackPath = "/api/google/callback";
/** The calendar service waits for Google twice. */
const finishMs = 15_000;

const linkQuery = z.object({ link: z.string().min(1).max(200) });
const calendarQuery = z.object({
  tenantId: tenantIdField,
  calendar: z.string("must be given once").min(1, "is missing").max(200, "must have 200 characters at most"),
});

/** Google adds others, which say nothing that the token endpoint does not. */
const callbackQuery = z.object({
  state: z.string().min(1).max(500),
  code: z.string().max(2_000).default(""),
  error: z.string().max(200).default(""),
});

/** Connecting a calendar at Google, by a browser: there, and back. What goes wrong is a page of one sentence. */
export const googleConnectRoutes = (deps: Deps) => async (app: FastifyInstance) => {
  // A HEAD would be taken for a visit.
  const options = { exposeHeadRoute: false };
  const redirectUri = () => `${deps.config.publicUrl}${callbackPath}`;
  handleErrors(app, deps.logger, (reply, says) => sendConnectPage(reply, { title: "Not connected", says }));
  app.addHook("onRequest", async (_request, reply) => {
    reply.header("cache-control", "no-store");
  });

  app.get("/api/google/connect", options, async (request, reply) => {
    const openedBy = await whatToConnect(deps, request);
    const { authorizationUrl, ...begun } = await deps.calendar.beginConnect({ openedBy, redirectUri: redirectUri() });
    reply.header("set-cookie", connectCookie(begun, redirectUri()));
    return reply.redirect(authorizationUrl);
  });

  app.get(callbackPath, options, async (request, reply) => {
    const query = callbackQuery.safeParse(request.query).data;
    if (!query)
      throw new BookproofError("connect_attempt_invalid", "This address is not complete: open the link again.");
    const { state } = query;
    const browserToken = readConnectCookie(request.headers.cookie, state);
    // Once, whatever happens: the code is good for one exchange.
    const finishing = deps.calendar.finishConnect({ ...query, browserToken }, { deadline: finishMs, retry: false });
    const { tenantId, displayName, accountEmail } = await finishing;
    learnJourney({ tenantId });
    reply.header("set-cookie", connectCookie({ state, browserToken: "", lifetimeSeconds: 0 }, redirectUri()));
    const whose = accountEmail ? ` of ${accountEmail}` : "";
    return sendConnectPage(reply, {
      title: `${displayName} is connected`,
      says: `Appointments with ${displayName} now go into the Google calendar${whose}. This page can be closed.`,
    });
  });
};

/** A link speaks for itself; without one it takes an admin who may. */
async function whatToConnect(deps: Deps, request: FastifyRequest): Promise<BeginConnectRequest["openedBy"]> {
  const link = linkQuery.safeParse(request.query).data?.link;
  if (link !== undefined) return { $case: "linkToken", value: link };
  const { authorization } = request.headers;
  if (!authorization) throw new BookproofError("unauthenticated", "Ask an admin for a link that connects a calendar.");
  const principal = await authenticate(deps, authorization);
  const { tenantId: asked, calendar: calendarId } = parseRequest(calendarQuery, request.query);
  const tenantId = oneTenant(principal, asked);
  learnJourney({ tenantId });
  return { $case: "calendar", value: { tenantId, calendarId } };
}
