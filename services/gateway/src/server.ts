import type { RunningServer } from "@bookproof/service";
import { createApp } from "./app.ts";
import type { Deps } from "./deps.ts";

/** Connections that may wait to be accepted: a thousand callers at once are not turned away. */
const backlog = 4_096;
/** How long running requests may finish before their connections are cut, in milliseconds; event streams never finish. */
const drainMs = 5_000;

/** The gateway's HTTP server. It serves at once: what is missing behind it, /readyz says. */
export function createServer(deps: Deps): RunningServer {
  const { config, connections } = deps;
  const app = createApp(deps);
  return {
    async start() {
      connections.start();
      await app
        .listen({ host: config.host, port: config.port, backlog })
        .catch(async (error: NodeJS.ErrnoException) => {
          // A machine without IPv6 has no "::".
          if (error.code !== "EAFNOSUPPORT") throw error;
          await app.listen({ host: "0.0.0.0", port: config.port, backlog });
        });
      const address = app.server.address();
      const port = typeof address === "object" && address ? address.port : config.port;
      return `${config.host === "::" ? "localhost" : config.host}:${port}`;
    },
    async stop() {
      connections.stop();
      const forced = setTimeout(() => app.server.closeAllConnections(), drainMs);
      await app.close();
      clearTimeout(forced);
      await deps.close();
    },
  };
}
