import formbody from "@fastify/formbody";
import fastify from "fastify";
import { z } from "zod";

export type Received = { path: string; signature: string; form: Record<string, string> };

/** A receiver of webhooks that keeps what it got and answers what it is told. */
export async function startReceiver() {
  const received: Received[] = [];
  const answers = new Map<string, { status: number; body: string }>();
  const app = fastify({ forceCloseConnections: true });
  await app.register(formbody);
  app.post("/*", async (request, reply) => {
    const form = z.record(z.string(), z.string()).parse(request.body);
    received.push({ path: request.url, signature: String(request.headers["x-twilio-signature"]), form });
    const answer = answers.get(request.url) ?? { status: 204, body: "" };
    return reply.code(answer.status).type("text/xml").send(answer.body);
  });
  const url = await app.listen({ host: "127.0.0.1", port: 0 });
  return { url, received, answers, close: () => app.close() };
}
