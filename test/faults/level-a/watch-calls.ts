import type { Socket } from "node:net";
import type pg from "pg";
import { z } from "zod";
import { socketOf } from "./postgres-connections.ts";
import type { ServiceName } from "./services.ts";
import { sqlLabel } from "./sql-label.ts";

/** One call of a service to the outside: a statement, an RPC of another service, a request to a vendor. */
export interface OutsideCall {
  service: ServiceName;
  /** e.g. "calendar.insertEvent", "google.insert", "INSERT agent.inbound_messages", "COMMIT". */
  label: string;
  /** What the transaction has written so far, of a statement within one. */
  wrote: readonly string[];
  /** Of a statement: the connection it goes over. */
  socket?: Socket;
}

/** What stands between a service instance and the outside. */
export interface CallGate {
  readonly service: ServiceName;
  isDead(): boolean;
  /** Whether anybody wants to hear of calls. */
  isWatched(): boolean;
  /** Hears of a call before it is made and after it succeeded; may kill the instance. */
  hear(call: OutsideCall, when: "before" | "after"): void;
}

/**
 * A dead process learns nothing any more. Here it is told so, rather than left to hang: it is cut off from everything, so nobody
 * outside can tell the difference, and what is left of it comes to an end.
 */
const dead = () => Promise.reject(new Error("this instance was killed"));

async function through<T>(gate: CallGate, call: OutsideCall, run: () => Promise<T>): Promise<T> {
  if (gate.isDead()) return dead();
  gate.hear(call, "before");
  if (gate.isDead()) return dead();
  try {
    const result = await run();
    if (gate.isDead()) return dead();
    gate.hear(call, "after");
    return gate.isDead() ? dead() : result;
  } catch (error) {
    return gate.isDead() ? dead() : Promise.reject(error);
  }
}

type AnyFunction = (...args: unknown[]) => unknown;

/** Puts the gate before the named methods of an object, or before all of its own. */
function watchMethods(target: object, gate: CallGate, prefix: string): void {
  for (const [name, method] of Object.entries(target)) {
    if (typeof method !== "function" || name === "close") continue;
    const run = (method as AnyFunction).bind(target);
    const watched = (...args: unknown[]) =>
      gate.isDead() || gate.isWatched()
        ? through(gate, { service: gate.service, label: `${prefix}.${name}`, wrote: [] }, async () => run(...args))
        : run(...args);
    Reflect.set(target, name, watched);
  }
}

const statement = z.union([z.string(), z.object({ text: z.string() }).transform(({ text }) => text)]);

function watchPool(pool: pg.Pool, gate: CallGate): void {
  pool.on("connect", (client) => watchClient(client, gate));
}

function watchClient(client: pg.PoolClient, gate: CallGate): void {
  const run = client.query.bind(client) as AnyFunction;
  let wrote: string[] = [];
  const query = (...args: unknown[]): unknown => {
    if (!gate.isDead() && !gate.isWatched()) return run(...args);
    const text = statement.safeParse(args[0]).data;
    if (text === undefined) return run(...args);
    const values = Array.isArray(args[1]) ? args[1] : [];
    const { label, writes } = sqlLabel(text, values[0]);
    if (label === "BEGIN") wrote = [];
    const call: OutsideCall = { service: gate.service, label, wrote: [...wrote], socket: socketOf(client) };
    if (writes) wrote.push(label);
    const callback = args.at(-1);
    if (typeof callback !== "function") return through(gate, call, async () => run(...args));
    through(gate, call, async () => run(...args.slice(0, -1))).then(
      (result) => callback(undefined, result),
      (error) => callback(error),
    );
    return undefined;
  };
  Reflect.set(client, "query", query);
}

/** A calendar's provider is opened for each request: its methods are the calls. */
function watchProviders(deps: object, open: AnyFunction, gate: CallGate): void {
  Reflect.set(deps, "openProvider", (...args: unknown[]) => {
    const provider = open(...args);
    if (typeof provider !== "object" || provider === null) return provider;
    const watched = { ...provider };
    watchMethods(watched, gate, "provider");
    return watched;
  });
}

const clients = new Set(["agent", "booking", "calendar", "notifier", "twilio", "alertTwilio", "mailer"]);

/** Puts the gate before everything by which a service reaches the outside, without the service's knowing. */
export function watchCalls(deps: object, gate: CallGate): void {
  for (const [name, member] of Object.entries(deps)) {
    if (name === "pool") watchPool(member as pg.Pool, gate);
    else if (name === "openProvider") watchProviders(deps, member as AnyFunction, gate);
    else if (clients.has(name) && member) watchMethods(member as object, gate, name);
  }
}
