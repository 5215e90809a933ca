import { join } from "node:path";
import type { ResolvedTenant } from "@bookproof/tenant-file";
import type { Plan } from "./plan.ts";
import { type ServiceName, serviceNames } from "./service-names.ts";
import { type SupervisedScript, superviseScript } from "./supervised-script.ts";
import { removeWorldFile, writeWorldFile } from "./world-file.ts";

/** How long a service may take to finish what it is doing when the world stops. */
const DRAIN_MS = 4_000;

const telemetry = "@bookproof/telemetry/register";

export type ProcessesOptions = {
  plan: Plan;
  dataDir: string;
  databaseUrl: string;
  secretsKey: string;
  /** Undefined where events are delivered directly. */
  kafka: { brokers: string; pid(): number | undefined } | undefined;
  adminToken: string;
  sandbox: boolean;
  tenants: readonly ResolvedTenant[];
  /** What every service gets besides its settings here. */
  env: NodeJS.ProcessEnv;
  adjustEnv: (service: ServiceName, env: NodeJS.ProcessEnv) => NodeJS.ProcessEnv;
  onLine: (source: string, line: string) => void;
};

export type Processes = {
  all: ReadonlyMap<string, SupervisedScript>;
  /** Brings `world.json` up to date. */
  noteChange(): void;
  /** The gateway first, so that nothing new comes in while the others finish. */
  stop(): Promise<void>;
};

/** What stands in for the outside world: it outlives the services, which may have something left to say to it. */
const outside: ReadonlySet<string> = new Set(["phones", "mailbox"]);

/** Starts the services, the simulated phones and the mailbox at once, and keeps `world.json` true while they run. */
export function startProcesses(options: ProcessesOptions): Processes {
  const { plan, dataDir, databaseUrl, kafka, onLine } = options;
  const all = new Map<string, SupervisedScript>();
  let complete = false;
  const onChange = () => {
    if (!complete) return;
    writeWorldFile(dataDir, {
      gatewayUrl: plan.gatewayUrl,
      publicUrl: plan.publicUrl,
      pid: process.pid,
      addresses: plan.addresses,
      databaseUrl,
      kafka: kafka && { brokers: kafka.brokers, pid: kafka.pid() },
      twilioBaseUrl: plan.twilioBaseUrl,
      services: Object.fromEntries(
        serviceNames.map((name) => [name, { pid: all.get(name)?.pid(), addr: plan.addresses[name] }]),
      ),
    });
  };

  if (plan.simulatorPort !== undefined) {
    const script = "packages/simulators/src/twilio-main.ts";
    all.set("phones", superviseScript({ name: "phones", script, env: simulatorEnv(options), onLine, onChange }));
  }
  if (plan.mailbox !== undefined) {
    const script = "packages/simulators/src/mailbox-main.ts";
    const env = { PORT: String(plan.mailbox.port), SMTP_PORT: String(plan.mailbox.smtpPort) };
    all.set("mailbox", superviseScript({ name: "mailbox", script, env, onLine, onChange }));
  }
  for (const name of serviceNames) {
    const script = `services/${name}/src/main.ts`;
    const env = options.adjustEnv(name, serviceEnv(name, options));
    all.set(name, superviseScript({ name, script, imports: [telemetry], env, onLine, onChange }));
  }
  complete = true;
  onChange();

  return {
    all,
    noteChange: onChange,
    async stop() {
      complete = false;
      removeWorldFile(dataDir);
      await all.get("gateway")?.stop(DRAIN_MS);
      const stopThose = (isOutside: boolean) =>
        Promise.all([...all].map(([name, script]) => outside.has(name) === isOutside && script.stop(DRAIN_MS)));
      await stopThose(false);
      await stopThose(true);
    },
  };
}

function serviceEnv(name: ServiceName, options: ProcessesOptions): NodeJS.ProcessEnv {
  const { plan } = options;
  return {
    ...options.env,
    // A service that is started again must listen within a second: half of its start is compiling.
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(options.dataDir, "compile-cache"),
    DATABASE_URL: options.databaseUrl,
    SECRETS_KEY: options.secretsKey,
    PUBLIC_URL: plan.publicUrl,
    SANDBOX: String(options.sandbox),
    LISTEN_ADDR: plan.addresses[name],
    AGENT_ADDR: plan.addresses.agent,
    BOOKING_ADDR: plan.addresses.booking,
    CALENDAR_ADDR: plan.addresses.calendar,
    NOTIFIER_ADDR: plan.addresses.notifier,
    KAFKA_BROKERS: options.kafka?.brokers,
    ...(plan.twilioBaseUrl === undefined ? {} : { TWILIO_BASE_URL: plan.twilioBaseUrl }),
    ...(name === "notifier" && plan.mailbox ? { SMTP_URL: `smtp://127.0.0.1:${plan.mailbox.smtpPort}` } : {}),
    // The only service that people talk to is the only one that knows their token.
    BOOTSTRAP_ADMIN_TOKEN: name === "gateway" ? options.adminToken : undefined,
    GATEWAY_PORT: String(plan.gatewayPort),
    OTEL_SERVICE_NAME: name,
    ...prometheusPort(name, options.env),
  };
}

/** One machine, five services: each answers Prometheus at a port of its own, from the one that was said upwards. */
function prometheusPort(name: ServiceName, { OTEL_EXPORTER_PROMETHEUS_PORT: first }: NodeJS.ProcessEnv) {
  return first ? { OTEL_EXPORTER_PROMETHEUS_PORT: String(Number(first) + serviceNames.indexOf(name)) } : {};
}

function simulatorEnv({ plan, dataDir, tenants }: ProcessesOptions): NodeJS.ProcessEnv {
  const accounts = new Map<string, { sid: string; authToken: string; phoneNumbers: string[] }>();
  for (const { twilio, phoneNumbers } of tenants) {
    // Tenants may share an account.
    const known = accounts.get(twilio.accountSid)?.phoneNumbers ?? [];
    accounts.set(twilio.accountSid, {
      sid: twilio.accountSid,
      authToken: twilio.authToken,
      phoneNumbers: [...known, ...phoneNumbers],
    });
  }
  return {
    PORT: String(plan.simulatorPort),
    TWILIO_SIM_ACCOUNTS: JSON.stringify([...accounts.values()]),
    TWILIO_SIM_WEBHOOK_URL: `${plan.publicUrl}/api/twilio/sms`,
    LEDGER_FILE: join(dataDir, "twilio-ledger.jsonl"),
  };
}
