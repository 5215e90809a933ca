import type { AddressInfo } from "node:net";
import formbody from "@fastify/formbody";
import fastify, { type FastifyInstance } from "fastify";

/** Where a simulator tells what it does; one flat object an event. */
export type SimulatorLog = (event: { event: string } & Record<string, unknown>) => void;

/** A bare server that reads forms and JSON, and on close cuts what still hangs. */
export async function createServer(): Promise<FastifyInstance> {
  const app = fastify({
    forceCloseConnections: true,
    bodyLimit: 1024 * 1024,
    // A calendar event's id may have 1,024 characters.
    routerOptions: { maxParamLength: 2048 },
  });
  await app.register(formbody);
  return app;
}

/** Listens on 127.0.0.1. Port 0 takes a free one. Returns the base URL, without a trailing slash. */
export async function listenLocally(app: FastifyInstance, port: number): Promise<string> {
  await app.listen({ host: "127.0.0.1", port });
  const address: AddressInfo | string | null = app.server.address();
  if (address === null || typeof address === "string") throw new Error("the simulator has no TCP address");
  return `http://127.0.0.1:${address.port}`;
}
