import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { type ResolvedTenant, readTenantFile, secretVariables } from "@bookproof/tenant-file";
import { createAdminApi } from "./admin-api.ts";
import { applyTenants } from "./apply-tenants.ts";
import { keepSecret, openDataDir } from "./data-dir.ts";
import { LauncherError } from "./launcher-error.ts";
import { type Addresses, planWorld } from "./plan.ts";
import { assertFree } from "./ports.ts";
import { startProcesses } from "./processes.ts";
import { assertGenerated, repositoryRoot } from "./repository.ts";
import { type Servers, startServers } from "./servers.ts";
import type { ServiceName } from "./service-names.ts";
import { resolveTenantSecrets } from "./tenant-secrets.ts";
import { waitUntilReady } from "./wait-until-ready.ts";
import { readSettings, type WorldOptions } from "./world-options.ts";

export type World = {
  /** `http://127.0.0.1:port`. */
  gatewayUrl: string;
  /** What the outside calls the gateway by. */
  publicUrl: string;
  adminToken: string;
  databaseUrl: string;
  /** Undefined where events are delivered directly. Its `pid` is undefined where others run it, and between a death and the restart. */
  kafka: Servers["kafka"];
  /** Of the simulated phones, or as it was given. */
  twilioBaseUrl: string | undefined;
  /** Where the sandbox's mails are read, by `GET /_sim/mails`; undefined where SMTP_URL names a real server, or none. */
  mailboxUrl: string | undefined;
  /** host:port of each service. */
  addresses: Addresses;
  sandbox: boolean;
  tenants: ResolvedTenant[];
  /** Secrets made up for the sandbox, by the variable they stand for. */
  generatedSecrets: Record<string, string>;
  service(name: ServiceName): RunningService;
  /** Lets the services finish, ends every process and gives the data directory back. The data stays. */
  stop(): Promise<void>;
};

export type RunningService = {
  /** Undefined between a death and the restart. */
  pid(): number | undefined;
  /** Sends the signal, SIGKILL unless said; a service that ends is started again. */
  kill(signal?: NodeJS.Signals): void;
};

type Close = () => Promise<void> | void;

/**
 * Starts the whole system on this machine and returns when it takes bookings: Postgres (unless DATABASE_URL names
 * one), the five services, simulated phones in a sandbox, and the tenants of the file applied.
 * Nothing it started outlives this process, however that ends.
 * @throws ConfigError, TenantFileError or LauncherError: one line that says what is wrong; nothing is left running
 */
export async function startWorld(options: WorldOptions): Promise<World> {
  const closers: Close[] = [];
  const stop = async () => {
    for (const close of closers.splice(0).reverse()) await close();
  };
  try {
    return { ...(await start(options, (close) => closers.push(close))), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(options: WorldOptions, atStop: (close: Close) => void): Promise<Omit<World, "stop">> {
  assertGenerated(repositoryRoot);
  const { dataDir, gatewayPort = 0, env = {}, signal, onLine = () => {}, fresh = false } = options;
  const settings = readSettings(env);
  const file = "tenants" in options ? options.tenants : await readTenantFile(options.tenantsFile);
  if (fresh && settings.DATABASE_URL !== undefined)
    throw new LauncherError("--fresh cannot empty the database that DATABASE_URL names: unset one of the two.");
  if (gatewayPort !== 0) await assertFree(gatewayPort);

  atStop(openDataDir(dataDir, fresh));
  const kept = (name: string, generate: () => string) => keepSecret(join(dataDir, name), generate);
  const secretsKey = settings.SECRETS_KEY ?? kept("secrets-key", () => randomBytes(32).toString("base64"));
  const adminToken = settings.BOOTSTRAP_ADMIN_TOKEN ?? kept("admin-token", () => randomBytes(24).toString("hex"));
  const { tenants, sandbox, generated } = resolveTenantSecrets(file, dataDir, env, settings);

  let noteChange = () => {};
  const { databaseUrl, kafka } = await startServers(options, settings, { atStop, onChange: () => noteChange() });
  signal?.throwIfAborted();

  const plan = await planWorld(gatewayPort, settings, sandbox);
  // The tenants' secrets go to the database, sealed; no service needs them in its environment.
  const secrets = new Set(secretVariables(file));
  const serviceEnv = Object.fromEntries(Object.entries(env).filter(([name]) => !secrets.has(name)));
  const processes = startProcesses({
    ...{ plan, dataDir, databaseUrl, kafka, secretsKey, adminToken, sandbox, tenants },
    env: serviceEnv,
    adjustEnv: options.adjustEnv ?? ((_service, given) => given),
    onLine,
  });
  noteChange = processes.noteChange;
  atStop(processes.stop);
  const phones = plan.simulatorPort === undefined ? [] : [`${plan.twilioBaseUrl}/_sim/opt-outs`];
  const mailboxUrl = plan.mailbox && `http://127.0.0.1:${plan.mailbox.port}`;
  const mailbox = mailboxUrl === undefined ? [] : [`${mailboxUrl}/_sim/mails`];
  await waitUntilReady([...phones, ...mailbox, `${plan.gatewayUrl}/readyz`], processes.all, signal);
  await applyTenants(createAdminApi(plan.gatewayUrl, adminToken), tenants, signal);

  const { gatewayUrl, publicUrl, addresses, twilioBaseUrl } = plan;
  return {
    ...{
      gatewayUrl,
      publicUrl,
      adminToken,
      databaseUrl,
      kafka,
      twilioBaseUrl,
      mailboxUrl,
      addresses,
      sandbox,
      tenants,
    },
    generatedSecrets: generated,
    service: (name) => {
      const pid = () => processes.all.get(name)?.pid();
      return {
        pid,
        kill(signalName = "SIGKILL") {
          const running = pid();
          if (running !== undefined) process.kill(running, signalName);
        },
      };
    },
  };
}
