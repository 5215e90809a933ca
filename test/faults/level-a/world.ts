import { setTimeout as sleep } from "node:timers/promises";
import { BookingServiceDefinition } from "@bookproof/proto/booking";
import { NotifierServiceDefinition } from "@bookproof/proto/notifier";
import { createGrpcClient } from "@bookproof/service";
import { startGoogleSimulator, startMailbox, startTwilioSimulator } from "@bookproof/simulators";
import { type Address, createTestDatabase, watchPauses } from "@bookproof/testing";
import { type CallListener, type Instance, startInstance } from "./instance.ts";
import { type ServiceName, serviceNames } from "./services.ts";
import { createWires, type Target } from "./wires.ts";

/** How long a connection of the outside world waits for a service that is being started again, in milliseconds. */
const patienceMs = 5_000;
/** A pause of this process as long as this makes the short time-outs ring, whatever Twilio did. */
const pauseMs = 150;

/** The five services over a database of their own, with their vendors, where any instance can be killed and comes back. */
export async function startWorld(serverUrl: string) {
  const database = await createTestDatabase(serverUrl);
  const twilio = await startTwilioSimulator({ accounts: [], delivery: { stepMs: 10 }, webhookTimeoutMs: 12_000 });
  const google = await startGoogleSimulator();
  const mailbox = await startMailbox();
  const watch = watchPauses(pauseMs);
  const outside = {};
  const instances = new Map<ServiceName, Instance>();
  const restarts = new Set<Promise<void>>();
  let listener: CallListener | undefined;
  let closing = false;

  const wires = createWires((target, owner) => addressOf(target, owner));
  const env: NodeJS.ProcessEnv = {
    SECRETS_KEY: Buffer.alloc(32, 7).toString("base64"),
    GOOGLE_OAUTH_CLIENT_ID: "client",
    GOOGLE_OAUTH_CLIENT_SECRET: "secret",
    BOOTSTRAP_ADMIN_TOKEN: "level-a-admin-token",
    PUBLIC_URL: `http://${await wires.lay(outside, "gateway")}`,
  };
  const smsUrl = `${env.PUBLIC_URL}/api/twilio/sms`;
  twilio.setWebhookUrl(smsUrl);
  const clients = {
    booking: createGrpcClient(BookingServiceDefinition, await wires.lay(outside, "booking")),
    notifier: createGrpcClient(NotifierServiceDefinition, await wires.lay(outside, "notifier")),
  };

  const vendorUrls: Record<Exclude<Target, ServiceName>, string> = {
    google: google.url,
    twilio: twilio.url,
    smtp: mailbox.smtpUrl,
  };
  function addressOf(target: Target, owner: object): Address | undefined | Promise<Address | undefined> {
    if (target in vendorUrls) {
      const url = new URL(vendorUrls[target as keyof typeof vendorUrls]);
      return { host: url.hostname, port: Number(url.port) };
    }
    const found = instances.get(target as ServiceName)?.address;
    // Twilio and Vapi stand before a load balancer, which holds a connection for a moment; services do not.
    return found ?? (owner === outside && target === "gateway" ? awaitAddress(target) : undefined);
  }
  async function awaitAddress(target: ServiceName): Promise<Address | undefined> {
    for (let waited = 0; waited < patienceMs && !closing; waited += 20) {
      const address = instances.get(target)?.address;
      if (address) return address;
      await sleep(20);
    }
    return undefined;
  }

  async function start(service: ServiceName): Promise<void> {
    const options = { env, databaseUrl: database.url, wires, listener: () => listener };
    const instance = await startInstance(service, options);
    if (closing) return instance.kill();
    instances.set(service, instance);
  }

  function crash(service: ServiceName, restartAfterMs: number): void {
    const instance = instances.get(service);
    if (!instance) return;
    instances.delete(service);
    void instance.kill();
    const restart = sleep(restartAfterMs).then(() => (closing ? undefined : start(service)));
    restarts.add(restart);
    void restart.finally(() => restarts.delete(restart));
  }

  await Promise.all(serviceNames.map(start));
  return {
    database,
    twilio,
    google,
    mailbox,
    smsUrl,
    gatewayUrl: env.PUBLIC_URL ?? "",
    booking: clients.booking.client,
    notifier: clients.notifier.client,
    wires,
    /** Hears every outside call of the live instances; undefined lets them be. */
    setListener(next: CallListener | undefined) {
      listener = next;
    },
    /** When this process, vendors and all, stood still. */
    pauses: watch.pauses,
    /** kill -9 as the outside sees it; another instance starts after a while. */
    crash,
    /** Waits until every service runs. */
    async allRunning() {
      while (restarts.size > 0) await Promise.all(restarts);
    },
    async close() {
      closing = true;
      watch.stop();
      await Promise.allSettled(restarts);
      const ends = Promise.all([...instances.values()].map((instance) => instance.kill()));
      await Promise.race([ends, sleep(patienceMs, undefined, { ref: false })]);
      for (const connection of Object.values(clients)) connection.close();
      await Promise.all([twilio.close(), google.close(), mailbox.close()]);
      await wires.close();
      await database.drop();
    },
  };
}

export type World = Awaited<ReturnType<typeof startWorld>>;
