import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { CONTROL_PREFIX } from "../faults/install-faults.ts";

const offsetSchema = z.object({ offsetMs: z.int() });

/**
 * Lets a simulator tell another time in the `Date` header of its answers, and nowhere else; adds `POST /_sim/clock`.
 * @returns sets by how many milliseconds that time is ahead of the real one
 */
export function installClockOffset(app: FastifyInstance, now: () => number): (offsetMs: number) => void {
  let offset = 0;
  app.addHook("onSend", async (_request, reply) => {
    if (offset !== 0) reply.header("date", new Date(now() + offset).toUTCString());
  });
  const set = (offsetMs: number) => {
    offset = offsetMs;
  };
  app.post(`${CONTROL_PREFIX}clock`, async (request, reply) => {
    set(offsetSchema.parse(request.body).offsetMs);
    return reply.code(204).send();
  });
  return set;
}
