import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

export interface Address {
  host: string;
  port: number;
}

/** One connection through a proxy. */
export interface ProxiedConnection {
  /** The local port of whoever connected: it tells which of a client's connections this is. */
  readonly clientPort: number;
  readonly upstream: Address;
  /** Resets both sides, as when a process was killed or a firewall forgot the connection. */
  cut(): void;
  /** Resets both sides as soon as the upstream answers, and keeps that answer: what was asked is done, and nobody hears of it. */
  cutAtNextAnswer(): void;
}

/** A TCP proxy that can fail as networks do. */
export interface TcpProxy {
  readonly port: number;
  connections(): ProxiedConnection[];
  /** Resets the connections of `which`, all of them by default; new ones are served. */
  cut(which?: (connection: ProxiedConnection) => boolean): void;
  /** `refuse` resets every new connection; `serve` ends that. Connections under way are left alone. */
  setMode(mode: "serve" | "refuse"): void;
  /** Half-open: while frozen nothing is passed on in either direction, and nobody hears of it. New connections freeze too. */
  freeze(): void;
  /** Passes on what has waited. */
  thaw(): void;
  /** Holds back every chunk in either direction for so many milliseconds; 0 ends it. */
  setDelay(ms: number): void;
  /** Resets all connections and stops listening. */
  close(): Promise<void>;
}

interface Link extends ProxiedConnection {
  freeze(): void;
  thaw(): void;
}

/**
 * Starts a proxy.
 * @param options.upstream where a new connection leads, asked for each; undefined refuses it, a promise makes it wait
 */
export async function startTcpProxy(options: {
  upstream: () => Address | undefined | Promise<Address | undefined>;
  /** 0, the default, takes a free one. */
  port?: number;
  /** The interface to listen on, 127.0.0.1 unless given; 0.0.0.0 is all of them. */
  host?: string;
  /** Sees what clients send, each chunk before it is passed on, and may cut the connection there. */
  onClientChunk?: (connection: ProxiedConnection, chunk: Buffer) => void;
}): Promise<TcpProxy> {
  const links = new Set<Link>();
  const clients = new Set<Socket>();
  let mode: "serve" | "refuse" = "serve";
  let frozen = false;
  let delayMs = 0;

  async function serve(client: Socket): Promise<void> {
    clients.add(client);
    client.on("error", () => undefined);
    client.on("close", () => clients.delete(client));
    const target = mode === "refuse" ? undefined : await options.upstream();
    if (!target || client.destroyed) {
      client.resetAndDestroy();
      return;
    }
    const link = join(client, target, { delayMs: () => delayMs, onClientChunk: options.onClientChunk });
    links.add(link);
    client.on("close", () => links.delete(link));
    if (frozen) link.freeze();
  }

  const server = createServer({ noDelay: true }, (client) => {
    serve(client).catch(() => client.resetAndDestroy());
  });
  server.listen(options.port ?? 0, options.host ?? "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;

  return {
    port,
    connections: () => [...links],
    cut(which = () => true) {
      for (const link of links) if (which(link)) link.cut();
    },
    setMode(next) {
      mode = next;
    },
    freeze() {
      frozen = true;
      for (const link of links) link.freeze();
    },
    thaw() {
      frozen = false;
      for (const link of links) link.thaw();
    },
    setDelay(ms) {
      delayMs = ms;
    },
    async close() {
      for (const client of clients) client.resetAndDestroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function join(
  client: Socket,
  target: Address,
  {
    delayMs,
    onClientChunk,
  }: { delayMs: () => number; onClientChunk: Parameters<typeof startTcpProxy>[0]["onClientChunk"] },
): Link {
  const upstream = connect({ ...target, noDelay: true });
  const cut = () => {
    client.resetAndDestroy();
    upstream.resetAndDestroy();
  };
  let frozen = false;
  let thawed: (() => void)[] = [];
  let deaf = false;

  function pass(from: Socket, to: Socket): void {
    let backlog = Promise.resolve();
    let queued = 0;
    const write = (chunk: Buffer) => {
      if (!to.write(chunk)) {
        from.pause();
        to.once("drain", () => from.resume());
      }
    };
    // Straight through as long as nothing holds it back: a promise for each chunk would be felt.
    const later = (work: () => void) => {
      queued += 1;
      backlog = backlog.then(async () => {
        if (delayMs() > 0) await new Promise((resolve) => setTimeout(resolve, delayMs()));
        if (frozen) await new Promise<void>((resolve) => thawed.push(resolve));
        queued -= 1;
        work();
      });
    };
    const inTurn = (work: () => void) => (queued > 0 || frozen || delayMs() > 0 ? later(work) : work());
    from.on("data", (chunk: Buffer) => {
      if (deaf && from === upstream) return cut();
      if (from === client) onClientChunk?.(link, chunk);
      if (to.destroyed) return;
      inTurn(() => write(chunk));
    });
    from.on("end", () => inTurn(() => to.end()));
    from.on("error", () => to.resetAndDestroy());
    from.on("close", () => inTurn(() => to.destroy()));
  }
  const link: Link = {
    clientPort: client.remotePort ?? 0,
    upstream: target,
    cut,
    cutAtNextAnswer() {
      deaf = true;
    },
    freeze() {
      frozen = true;
    },
    thaw() {
      frozen = false;
      for (const resume of thawed) resume();
      thawed = [];
    },
  };
  pass(client, upstream);
  pass(upstream, client);
  return link;
}
