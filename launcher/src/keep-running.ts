import { setTimeout as delay } from "node:timers/promises";
import { messageOf } from "./launcher-error.ts";

/** A server of others that runs as a child of this process. */
type ChildServer = { pid: number; port: number; exited: Promise<void>; stop(): Promise<void> };

export type KeptServer<Server> = {
  /** As it was started first. */
  first: Server;
  pid(): number | undefined;
  /** Ends it for good. */
  stop(): Promise<void>;
};

/** Starts a server, and starts it again, on the same port, when it dies. Throws what its first start throws. */
export async function keepRunning<Server extends ChildServer>(options: {
  /** For messages. */
  name: string;
  /** @param port 0 takes a free one */
  start: (port: number) => Promise<Server>;
  onLine: (line: string) => void;
  /** Called for each end and each restart. */
  onChange?: () => void;
  signal: AbortSignal | undefined;
}): Promise<KeptServer<Server>> {
  const { name, start, onLine, onChange = () => {}, signal } = options;
  let stopped = false;
  const first = await start(0);
  let current: Server | undefined = first;

  const watch = async () => {
    while (!stopped && !signal?.aborted) {
      if (current === undefined) {
        current = await start(first.port).catch((error: unknown) => {
          onLine(messageOf(error));
          return delay(500, undefined);
        });
      } else {
        await current.exited;
        current = undefined;
        if (!stopped) onLine(`${name} ended and is started again`);
      }
      onChange();
    }
  };
  const watching = watch();
  return {
    first,
    pid: () => current?.pid,
    async stop() {
      stopped = true;
      await current?.stop();
      await watching;
      await current?.stop();
    },
  };
}
