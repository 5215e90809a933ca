import { z } from "zod";

const reply = z.object({ id: z.int().optional(), result: z.unknown().optional() });
const heapUsage = z.object({ usedSize: z.number() });
const replyMs = 20_000;

/** Node's own inspectors of the services, which `--inspect` opens: they can collect garbage, so that what is left is alive. */
export interface Inspectors {
  /** Takes a line of a service's output; one of them says where its inspector is. */
  hear(service: string, line: string): void;
  /** Collects the garbage of a service. @returns the bytes of its heap that are alive */
  liveHeap(service: string): Promise<number>;
}

export function createInspectors(): Inspectors {
  const urls = new Map<string, string>();
  return {
    hear(service, line) {
      const url = /Debugger listening on (ws:\/\/\S+)/.exec(line)?.[1];
      if (url) urls.set(service, url);
    },
    async liveHeap(service) {
      const url = urls.get(service);
      if (!url) throw new Error(`${service} did not say where its inspector is`);
      const socket = new WebSocket(url);
      try {
        await heard(socket, "open");
        // Twice: what finalizers let go of in the first round is collected in the second.
        for (const id of [1, 2]) await ask(socket, id, "HeapProfiler.collectGarbage");
        return heapUsage.parse(await ask(socket, 3, "Runtime.getHeapUsage")).usedSize;
      } finally {
        socket.close();
      }
    },
  };
}

async function ask(socket: WebSocket, id: number, method: string): Promise<unknown> {
  const answered = new Promise<unknown>((resolve) => {
    const read = ({ data }: MessageEvent) => {
      const message = reply.parse(JSON.parse(String(data)));
      if (message.id !== id) return;
      socket.removeEventListener("message", read);
      resolve(message.result);
    };
    socket.addEventListener("message", read);
  });
  socket.send(JSON.stringify({ id, method }));
  return inTime(answered, method);
}

function heard(socket: WebSocket, event: "open"): Promise<unknown> {
  return inTime(
    new Promise((resolve, reject) => {
      socket.addEventListener(event, resolve, { once: true });
      socket.addEventListener("error", () => reject(new Error("an inspector is not there")), { once: true });
    }),
    event,
  );
}

function inTime<T>(work: Promise<T>, what: string): Promise<T> {
  const late = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error(`an inspector did not answer: ${what}`)), replyMs).unref();
  });
  return Promise.race([work, late]);
}
