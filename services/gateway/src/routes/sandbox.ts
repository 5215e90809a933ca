import { Readable } from "node:stream";
import { parseRequest } from "@bookproof/service";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { TwilioSimulator } from "../adapters/twilio-simulator.ts";
import type { Deps } from "../deps.ts";
import { servePages } from "./pages.ts";
import { showSmsFlow } from "./show-sms-flow.ts";

const e164 = z.string("is missing").regex(/^\+\d{7,15}$/, "must be a phone number like +15551230001");

const textBody = z.object(
  {
    from: e164,
    to: e164,
    body: z.string("is missing").min(1, "is missing").max(1_600, "is longer than 1600 characters"),
  },
  "must be a JSON object",
);
const messagesQuery = z.object({
  numbers: z
    .string("is missing")
    .transform((list) => list.split(",").map((number) => `+${number.trim().replace(/^\+/, "")}`))
    .pipe(z.array(e164).max(10, "are more than 10")),
});
const flowQuery = z.object({ tenantId: z.guid("must be a UUID"), phone: e164 });

/** How much of a long thread the page shows. */
const shownMessages = 300;

/** Two phones in the browser that talk to the Twilio simulator. Without sign-in: it is on only on a developer's machine. */
export const sandboxRoutes = (deps: Deps & { simulator: TwilioSimulator }) => async (app: FastifyInstance) => {
  const { simulator, connections, agent } = deps;
  const closing = new AbortController();
  app.addHook("preClose", async () => closing.abort());

  servePages(app, "sandbox", {
    "/sandbox": "index.html",
    "/sandbox/sandbox.css": "sandbox.css",
    "/sandbox/sandbox.js": "sandbox.js",
    "/sandbox/thread.js": "thread.js",
    "/sandbox/journey.js": "journey.js",
  });

  app.get("/sandbox/api/tenants", async () => ({
    tenants: connections.all().map(({ tenantId, name, phoneNumbers, owner }) => ({
      id: tenantId,
      name,
      numbers: phoneNumbers,
      ownerPhones: [owner?.phone, owner?.vipPhone, owner?.hotLeadAlertPhone].filter(Boolean),
    })),
  }));

  app.post("/sandbox/api/texts", async (request) => simulator.sendText(parseRequest(textBody, request.body)));

  app.get("/sandbox/api/messages", async (request) => {
    const { numbers } = parseRequest(messagesQuery, request.query);
    return { messages: (await simulator.messages(new Set(numbers))).slice(-shownMessages) };
  });

  app.get("/sandbox/api/stream", async (_request, reply) => {
    const events = await simulator.events(closing.signal);
    return reply.type("text/event-stream").header("cache-control", "no-cache").send(Readable.fromWeb(events));
  });

  app.get("/sandbox/api/flow", async (request) => {
    const { tenantId, phone } = parseRequest(flowQuery, request.query);
    return showSmsFlow(await agent.getSmsFlow({ tenantId, subject: { $case: "phone", value: phone }, limit: 200 }));
  });
};
