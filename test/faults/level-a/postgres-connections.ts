import type { Socket } from "node:net";
import pg from "pg";
import { z } from "zod";
import { type Running, running } from "./running.ts";

const connected = z.object({ connection: z.object({ stream: z.custom<Socket>() }) });
const openOf = new WeakMap<Running, Set<Socket>>();

/** The socket of a client of pg's. */
export const socketOf = (client: object): Socket => connected.parse(client).connection.stream;

const lost = () => Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET", errno: -104, syscall: "read" });

/**
 * Makes the connections to Postgres known by the instance that opens them, in this process's pg: services make some in places
 * that nobody else reaches (the job queue's), and a proxy before them all would take half of the machine. A dead instance opens none.
 */
export function followConnections(): void {
  const connect = pg.Client.prototype.connect;
  Reflect.set(pg.Client.prototype, "connect", function connectFollowed(this: pg.Client, ...args: unknown[]): unknown {
    const instance = running.getStore();
    if (!instance) return Reflect.apply(connect, this, args);
    const socket = socketOf(this);
    const sockets = openOf.get(instance) ?? new Set();
    openOf.set(instance, sockets.add(socket));
    socket.once("close", () => sockets.delete(socket));
    const connecting: unknown = Reflect.apply(connect, this, args);
    if (instance.isDead()) setImmediate(() => cut(socket));
    return connecting;
  });
}

/** Resets a connection, whatever is under way on it. */
export function cut(socket: Socket): void {
  socket.destroy(lost());
}

/** Resets a connection as soon as Postgres answers, and keeps that answer: what was asked is done, and nobody hears of it. */
export function cutAtNextAnswer(socket: Socket): void {
  socket.removeAllListeners("data");
  socket.once("data", () => cut(socket));
}

/** Resets every connection of an instance. */
export function cutPostgres(instance: Running): void {
  for (const socket of openOf.get(instance) ?? []) cut(socket);
}
