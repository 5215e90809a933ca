import type { FastifyInstance } from "fastify";

/** Tells every other method of a POST route so. */
export function onlyPost(app: FastifyInstance, url: string): void {
  app.route({
    method: ["GET", "PUT", "PATCH", "DELETE", "OPTIONS"],
    url,
    onRequest: async (_request, reply) =>
      reply.code(405).header("allow", "POST").send({ error: "Only POST is understood here." }),
    handler: async () => undefined,
  });
}
