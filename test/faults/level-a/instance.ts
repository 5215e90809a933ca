import type { Address } from "@bookproof/testing";
import { cutPostgres } from "./postgres-connections.ts";
import { type Running, running } from "./running.ts";
import { type ServiceName, startService } from "./services.ts";
import { shortTimes } from "./short-times.ts";
import { type CallGate, type OutsideCall, watchCalls } from "./watch-calls.ts";
import type { Target, Wires } from "./wires.ts";

/** Hears of the outside calls of all instances of a world. */
export type CallListener = (call: OutsideCall, when: "before" | "after") => void;

/** One process's worth of a service. */
export interface Instance extends CallGate, Running {
  address: Address | undefined;
  /** Cuts it off from everything at once, as kill -9 does. @returns when what is left of it in this process is gone. */
  kill(): Promise<void>;
}

const needs: Record<ServiceName, Target[]> = {
  gateway: ["agent", "booking", "calendar", "notifier"],
  agent: ["booking", "notifier"],
  booking: ["agent", "calendar", "notifier"],
  calendar: ["google"],
  notifier: ["agent", "booking", "twilio", "smtp"],
};

/** Starts an instance of a service whose every connection can be cut: to Postgres by its socket, to all else by its wires. */
export async function startInstance(
  service: ServiceName,
  options: { env: NodeJS.ProcessEnv; databaseUrl: string; wires: Wires; listener: () => CallListener | undefined },
): Promise<Instance> {
  const { wires, listener } = options;
  let dead = false;
  let server: { stop(): Promise<void> } | undefined;
  const instance: Instance = {
    service,
    wires,
    address: undefined,
    isDead: () => dead,
    isWatched: () => listener() !== undefined,
    hear: (call, when) => listener()?.(call, when),
    async kill() {
      if (dead) return;
      dead = true;
      cutPostgres(instance);
      wires.cutOff(instance);
      wires.cutTo(service);
      // What is left of it can reach nothing: that it fails to stop in good order is no finding.
      await running.run(instance, async () => server?.stop()).catch(() => undefined);
      await wires.remove(instance);
    },
  };
  const addresses = await layWires(instance, service, options);
  const started = await running.run(instance, () =>
    startService(
      service,
      { ...options.env, ...addresses },
      { adjust: shortTimes, watch: (deps) => watchCalls(deps, instance) },
    ),
  );
  server = started.server;
  instance.address = { host: "127.0.0.1", port: Number(started.address.split(":").at(-1)) };
  return instance;
}

async function layWires(
  instance: Instance,
  service: ServiceName,
  { databaseUrl, wires }: { databaseUrl: string; wires: Wires },
): Promise<NodeJS.ProcessEnv> {
  const laid = await Promise.all(needs[service].map(async (target) => [target, await wires.lay(instance, target)]));
  const at = Object.fromEntries(laid) as Partial<Record<Target, string>>;
  return {
    DATABASE_URL: databaseUrl,
    LISTEN_ADDR: "127.0.0.1:0",
    GATEWAY_PORT: "0",
    AGENT_ADDR: at.agent,
    BOOKING_ADDR: at.booking,
    CALENDAR_ADDR: at.calendar,
    NOTIFIER_ADDR: at.notifier,
    TWILIO_BASE_URL: at.twilio && `http://${at.twilio}`,
    GOOGLE_CALENDAR_BASE_URL: at.google && `http://${at.google}`,
    GOOGLE_OAUTH_BASE_URL: at.google && `http://${at.google}`,
    SMTP_URL: at.smtp && `smtp://${at.smtp}`,
  };
}
