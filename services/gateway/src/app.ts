import formbody from "@fastify/formbody";
import fastify, { type FastifyInstance } from "fastify";
import type { Deps } from "./deps.ts";
import { appointmentRoutes } from "./routes/appointments.ts";
import { assistantRoutes } from "./routes/assistants.ts";
import { auditCalendarRoutes } from "./routes/audit-calendars.ts";
import { requireSignIn } from "./routes/authenticate.ts";
import { calendarBlocksRoutes } from "./routes/calendar-blocks.ts";
import { calendarFeedRoute } from "./routes/calendar-feed.ts";
import { calendarFeedsRoutes } from "./routes/calendar-feeds.ts";
import { calendarRoutes } from "./routes/calendars.ts";
import { conversationRoutes } from "./routes/conversations.ts";
import { debugSmsFlowRoutes } from "./routes/debug-sms-flow.ts";
import { doctorRoutes } from "./routes/doctor.ts";
import { answerErrors, badUrl } from "./routes/error-replies.ts";
import { followJourney } from "./routes/follow-journey.ts";
import { googleConnectRoutes } from "./routes/google-connect.ts";
import { healthRoutes } from "./routes/health.ts";
import { homeRoutes } from "./routes/home.ts";
import { limitRequests } from "./routes/limit-requests.ts";
import { sandboxRoutes } from "./routes/sandbox.ts";
import { tenantRoutes } from "./routes/tenants.ts";
import { tokenRoutes } from "./routes/tokens.ts";
import { twilioSmsRoute } from "./routes/twilio-sms.ts";
import { twilioStatusRoute } from "./routes/twilio-status.ts";
import { vapiRoutes } from "./routes/vapi-tools.ts";

/** Every route of the gateway, in one Fastify instance that does not listen yet. */
export function createApp(deps: Deps): FastifyInstance {
  const app = fastify({ bodyLimit: 256 * 1024, requestTimeout: 30_000, frameworkErrors: badUrl });
  answerErrors(app, deps.logger);
  followJourney(app);
  app.addHook("onRequest", async (_request, reply) => {
    reply.headers({ "x-content-type-options": "nosniff", "referrer-policy": "no-referrer" });
  });
  app.register(formbody);

  for (const routes of [healthRoutes, homeRoutes]) app.register(routes(deps));
  const { overload } = deps.config;
  app.register(async (twilio) => {
    limitRequests(twilio, deps, "Twilio's webhooks", overload.twilio);
    for (const routes of [twilioSmsRoute, twilioStatusRoute]) twilio.register(routes(deps));
  });
  app.register(async (vapi) => {
    limitRequests(vapi, deps, "Vapi's requests", overload.vapi);
    vapi.register(vapiRoutes(deps));
  });
  app.register(async (connecting) => {
    limitRequests(connecting, deps, "connecting calendars", overload.admin);
    connecting.register(googleConnectRoutes(deps));
  });
  app.register(async (subscribers) => {
    limitRequests(subscribers, deps, "calendars' subscribers", overload.feeds);
    subscribers.register(calendarFeedRoute(deps));
  });
  if (deps.simulator) app.register(sandboxRoutes({ ...deps, simulator: deps.simulator }));
  app.register(async (admin) => {
    limitRequests(admin, deps, "admins' requests", overload.admin);
    requireSignIn(admin, deps);
    const all = [
      debugSmsFlowRoutes,
      tenantRoutes,
      assistantRoutes,
      tokenRoutes,
      conversationRoutes,
      doctorRoutes,
      auditCalendarRoutes,
      appointmentRoutes,
      calendarRoutes,
      calendarFeedsRoutes,
      calendarBlocksRoutes,
    ];
    for (const routes of all) admin.register(routes(deps));
  });
  return app;
}
