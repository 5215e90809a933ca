import type { FastifyInstance } from "fastify";
import type { Deps } from "../deps.ts";
import { selectOne } from "../queries/tokens.ts";

/** Whether this process lives, and what is missing behind it. */
export const healthRoutes = (deps: Deps) => async (app: FastifyInstance) => {
  app.get("/api/health", async () => ({ status: "ok" }));
  app.get("/livez", async () => ({ status: "ok" }));
  app.get("/readyz", async (_request, reply) => {
    const checks: [string, Promise<boolean>][] = [
      ...Object.entries(deps.probes).map(([name, probe]): [string, Promise<boolean>] => [name, probe.isServing()]),
      ["postgres", answers(selectOne(deps.pool))],
      ["tenants", Promise.resolve(deps.connections.isLoaded())],
    ];
    const found = await Promise.all(checks.map(async ([name, check]) => ({ name, present: await check })));
    const missing = found.filter(({ present }) => !present).map(({ name }) => name);
    if (missing.length === 0) return { status: "ready" };
    return reply.code(503).send({ status: "not ready", missing });
  });
};

function answers(question: Promise<unknown>): Promise<boolean> {
  return question.then(
    () => true,
    () => false,
  );
}
