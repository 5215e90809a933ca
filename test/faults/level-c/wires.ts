import { type ServiceName, serviceNames } from "@bookproof/launcher";
import { type ProxiedConnection, startTcpProxy, type TcpProxy } from "@bookproof/testing";

/** What a service is connected to by a wire of its own. */
export const wireEnds = ["postgres", "agent", "booking", "calendar", "notifier"] as const;
export type WireEnd = (typeof wireEnds)[number];

/** node-pg's simple query `COMMIT`, as it is on the wire: Q, its length, the text, a zero. */
const commitMessages = ["COMMIT", "commit"].map((text) => Buffer.from(`Q\0\0\0\x0b${text}\0`));

export interface Wires {
  /** What the service is told instead: each address is that of its own proxy. */
  through(service: ServiceName, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv;
  /** The wire from a service; undefined where it has none. */
  wire(service: ServiceName, end: WireEnd): TcpProxy | undefined;
  /**
   * Cuts the next COMMIT of a service: `before` Postgres hears of it, or `after` it has done it and before the service
   * hears of it. @returns when it was cut; undefined when none came in time
   */
  cutNextCommit(service: ServiceName, when: "before" | "after", withinMs: number): Promise<number | undefined>;
  heal(): void;
  close(): Promise<void>;
}

/** A proxy for each pair of a service and what it talks to. */
export async function layWires(): Promise<Wires> {
  const wires = new Map<string, { proxy: TcpProxy; upstream: { host: string; port: number } | undefined }>();
  const scissors = new Map<ServiceName, { when: "before" | "after"; cut: () => void }>();

  const onChunk = (service: ServiceName) => (connection: ProxiedConnection, chunk: Buffer) => {
    const armed = scissors.get(service);
    if (!armed || !commitMessages.some((message) => chunk.includes(message))) return;
    scissors.delete(service);
    if (armed.when === "before") connection.cut();
    else connection.cutAtNextAnswer();
    armed.cut();
  };
  for (const service of serviceNames) {
    for (const end of wireEnds.filter((one) => one !== service)) {
      const wire: { proxy?: TcpProxy; upstream: { host: string; port: number } | undefined } = { upstream: undefined };
      const proxy = await startTcpProxy({
        upstream: () => wire.upstream,
        ...(end === "postgres" ? { onClientChunk: onChunk(service) } : {}),
      });
      wires.set(`${service}>${end}`, Object.assign(wire, { proxy }));
    }
  }
  const reroute = (service: ServiceName, end: WireEnd, host: string, port: number): number | undefined => {
    const wire = wires.get(`${service}>${end}`);
    if (wire) wire.upstream = { host, port };
    return wire?.proxy.port;
  };

  return {
    through(service, env) {
      const changed = { ...env };
      const database = new URL(env.DATABASE_URL ?? "");
      database.port = String(reroute(service, "postgres", database.hostname, Number(database.port)));
      changed.DATABASE_URL = database.href;
      for (const end of ["agent", "booking", "calendar", "notifier"] as const) {
        const name = `${end.toUpperCase()}_ADDR`;
        const [host = "", port = ""] = (env[name] ?? "").split(":");
        const proxied = reroute(service, end, host, Number(port));
        if (proxied !== undefined) changed[name] = `127.0.0.1:${proxied}`;
      }
      return changed;
    },
    wire: (service, end) => wires.get(`${service}>${end}`)?.proxy,
    cutNextCommit(service, when, withinMs) {
      const { promise, resolve } = Promise.withResolvers<number | undefined>();
      const timer = setTimeout(() => {
        scissors.delete(service);
        resolve(undefined);
      }, withinMs);
      const cut = () => {
        clearTimeout(timer);
        resolve(Date.now());
      };
      scissors.set(service, { when, cut });
      return promise;
    },
    heal() {
      scissors.clear();
      for (const { proxy } of wires.values()) proxy.thaw();
    },
    async close() {
      for (const { proxy } of wires.values()) await proxy.close();
    },
  };
}
