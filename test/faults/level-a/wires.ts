import { type Address, startTcpProxy, type TcpProxy } from "@bookproof/testing";
import type { ServiceName } from "./services.ts";

export type Target = ServiceName | "google" | "twilio" | "smtp";

interface Wire {
  owner: object;
  target: Target;
  proxy: TcpProxy;
}

/**
 * Every connection of a world but those to Postgres runs over a wire of whoever makes it, so that a process can be cut off from
 * everything at once, and everything from it, as kill -9 does.
 */
export interface Wires {
  /** A new wire of `owner`. @returns its address, host:port. */
  lay(owner: object, target: Target): Promise<string>;
  /** Resets all connections that `owner` made, and lets it make none any more. */
  cutOff(owner: object): void;
  /** Resets all connections that lead to a service. */
  cutTo(target: Target): void;
  /** Removes what `owner` had, once nothing of it can connect any more. */
  remove(owner: object): Promise<void>;
  close(): Promise<void>;
}

/** @param addressOf where a target is now; undefined while it is down, a promise to wait for it. */
export function createWires(
  addressOf: (target: Target, owner: object) => Address | undefined | Promise<Address | undefined>,
): Wires {
  const wires = new Set<Wire>();
  const owned = (owner: object) => [...wires].filter((wire) => wire.owner === owner);
  return {
    async lay(owner, target) {
      const proxy = await startTcpProxy({ upstream: () => addressOf(target, owner) });
      wires.add({ owner, target, proxy });
      return `127.0.0.1:${proxy.port}`;
    },
    cutOff(owner) {
      for (const { proxy } of owned(owner)) {
        proxy.setMode("refuse");
        proxy.cut();
      }
    },
    cutTo(target) {
      for (const wire of wires) if (wire.target === target) wire.proxy.cut();
    },
    async remove(owner) {
      const gone = owned(owner);
      for (const wire of gone) wires.delete(wire);
      await Promise.all(gone.map(({ proxy }) => proxy.close()));
    },
    async close() {
      await Promise.all([...wires].map(({ proxy }) => proxy.close()));
      wires.clear();
    },
  };
}
