import type { FastifyReply } from "fastify";

/** Server-sent events to any number of listeners. */
export type EventStream = {
  /** Takes the reply over and keeps it open. */
  open(reply: FastifyReply): void;
  /** Sends `data` as JSON to all who listen now. */
  send(event: string, data: object): void;
};

/** A stream without listeners yet. */
export function createEventStream(): EventStream {
  const listeners = new Set<FastifyReply["raw"]>();
  return {
    open(reply) {
      reply.hijack();
      reply.raw.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
      reply.raw.write(": open\n\n");
      listeners.add(reply.raw);
      reply.raw.on("close", () => listeners.delete(reply.raw));
    },
    send(event, data) {
      for (const listener of listeners) listener.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
    },
  };
}
