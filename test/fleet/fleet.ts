import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type ServiceName, serviceNames } from "@bookproof/launcher";
import { createAdminApi } from "@bookproof/launcher/client";
import { startGoogleSimulator, startTwilioSimulator } from "@bookproof/simulators";
import { resolveSecrets } from "@bookproof/tenant-file";
import { createTestDatabase, startTcpProxy, startTestKafka, type TcpProxy } from "@bookproof/testing";
import { makeBusinesses, twilioToken } from "../faults/level-c/tenants.ts";
import { type Replica, startReplica } from "./replica.ts";

export type Fleet = Awaited<ReturnType<typeof startFleet>>;

/** The version that is being worked on. */
export const thisVersion = fileURLToPath(new URL("../..", import.meta.url));
const adminToken = "fleet-admin-token-0123456789";

/**
 * Several processes of every service over one Postgres and one Kafka, as in a cluster: before each service stands what a service address is
 * there, which leads a new connection to the next replica that takes any. Twilio and Google are simulators of this process.
 */
export async function startFleet(options: { businesses: number; migratedBy?: string }) {
  const { businesses, file, env: secrets } = makeBusinesses(options.businesses);
  const database = await createTestDatabase(undefined, "template1");
  migrateWith(options.migratedBy ?? thisVersion, database.url);
  const kafka = await startTestKafka();
  const twilio = await startTwilioSimulator({
    accounts: businesses.map(({ phone, history }) => ({
      ...{ sid: history.twilioAccountSid, authToken: twilioToken, phoneNumbers: [phone] },
    })),
  });
  const google = await startGoogleSimulator();
  const taking = new Map<ServiceName, Replica[]>(serviceNames.map((name) => [name, []]));
  const all = new Set<Replica>();
  const balancers = new Map<ServiceName, TcpProxy>();
  for (const name of serviceNames) balancers.set(name, await balance(() => taking.get(name) ?? []));
  const addressOf = (name: ServiceName) => `127.0.0.1:${balancers.get(name)?.port}`;
  const gatewayUrl = `http://${addressOf("gateway")}`;
  twilio.setWebhookUrl(`${gatewayUrl}/api/twilio/sms`);
  const env: NodeJS.ProcessEnv = {
    ...{ DATABASE_URL: database.url, KAFKA_BROKERS: kafka.brokers, PUBLIC_URL: gatewayUrl },
    ...{ SECRETS_KEY: Buffer.alloc(32, 5).toString("base64"), BOOTSTRAP_ADMIN_TOKEN: adminToken },
    ...{ AGENT_ADDR: addressOf("agent"), BOOKING_ADDR: addressOf("booking") },
    ...{ CALENDAR_ADDR: addressOf("calendar"), NOTIFIER_ADDR: addressOf("notifier") },
    ...{ TWILIO_BASE_URL: twilio.url, GOOGLE_CALENDAR_BASE_URL: google.url, GOOGLE_OAUTH_BASE_URL: google.url },
    ...{ GOOGLE_OAUTH_CLIENT_ID: "fleet", GOOGLE_OAUTH_CLIENT_SECRET: "fleet", LOG_LEVEL: "info" },
  };

  /** It takes no new connections from now on. */
  const takeOut = (replica: Replica) => {
    taking.set(replica.service, taking.get(replica.service)?.filter((one) => one !== replica) ?? []);
    all.delete(replica);
  };
  return {
    ...{ database, twilio, google, businesses, gatewayUrl },
    source: { databaseUrl: database.url, twilioUrl: twilio.url, googleUrl: google.url },
    replicasOf: (name: ServiceName): readonly Replica[] => taking.get(name) ?? [],
    /** Starts one more replica, which takes connections as soon as it listens. */
    async add(name: ServiceName, tree = thisVersion): Promise<Replica> {
      const replica = await startReplica(name, tree, env);
      taking.get(name)?.push(replica);
      all.add(replica);
      return replica;
    },
    /** Takes a replica out of service as Kubernetes does. @returns its exit code */
    async remove(replica: Replica): Promise<number | null> {
      takeOut(replica);
      return replica.drain();
    },
    /** kill -9: it still gets connections until its death has been noticed. */
    async kill(replica: Replica): Promise<void> {
      await replica.kill();
      takeOut(replica);
    },
    async applyTenants(): Promise<void> {
      const api = createAdminApi(gatewayUrl, adminToken);
      for (const tenant of resolveSecrets(file, (name) => secrets[name])) await api.applyTenant(tenant);
    },
    async close() {
      await Promise.all([...all].map((replica) => replica.kill()));
      for (const balancer of balancers.values()) await balancer.close();
      await Promise.all([twilio.close(), google.close(), kafka.stop()]);
      await database.drop();
    },
  };
}

/** Brings the database to the newest schema that a version knows, as its migration job does. */
export function migrateWith(tree: string, databaseUrl: string): void {
  const { NODE_OPTIONS: _jestOnly, ...env } = process.env;
  const script = 'import { migrate } from "@bookproof/postgres"; await migrate(process.env.DATABASE_URL);';
  const args = ["--input-type=module", "--eval", script];
  execFileSync(process.execPath, args, { cwd: tree, env: { ...env, DATABASE_URL: databaseUrl }, stdio: "inherit" });
}

/** Leads each new connection to the next replica. */
function balance(replicas: () => readonly Replica[]): Promise<TcpProxy> {
  let turn = 0;
  return startTcpProxy({
    upstream: () => {
      const ready = replicas();
      return ready[turn++ % Math.max(1, ready.length)]?.address;
    },
  });
}
