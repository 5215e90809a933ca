import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type ServiceName, serviceNames, startWorld } from "@bookproof/launcher";
import { readWorldFile } from "@bookproof/launcher/client";
import { startGoogleSimulator, startTwilioSimulator } from "@bookproof/simulators";
import pg from "pg";
import { makeBusinesses, twilioToken } from "./tenants.ts";
import { layWires } from "./wires.ts";

export type RealWorld = Awaited<ReturnType<typeof openRealWorld>>;

const skewedClock = pathToFileURL(fileURLToPath(new URL("./skewed-clock.ts", import.meta.url))).href;

/**
 * The whole system as it runs for users, real processes under the launcher, with a proxy on every wire between them, and
 * Twilio and Google as simulators of this process, which no fault of the system under test reaches.
 */
export async function openRealWorld(options: {
  businesses: number;
  kafka: boolean;
  onLine: (source: string, line: string) => void;
}) {
  const dataDir = mkdtempSync(join(tmpdir(), "bookproof-faults-"));
  const { businesses, file, env } = makeBusinesses(options.businesses);
  const twilio = await startTwilioSimulator({
    accounts: businesses.map(({ phone, history }) => ({
      ...{ sid: history.twilioAccountSid, authToken: twilioToken, phoneNumbers: [phone] },
    })),
  });
  const google = await startGoogleSimulator();
  const wires = await layWires();
  const clockFile = (service: ServiceName) => join(dataDir, `clock-of-${service}`);
  const world = await startWorld({
    ...{ dataDir, tenants: file, gatewayPort: 0, kafka: options.kafka },
    env: {
      ...env,
      ...{ TWILIO_BASE_URL: twilio.url, GOOGLE_CALENDAR_BASE_URL: google.url, GOOGLE_OAUTH_BASE_URL: google.url },
      ...{ GOOGLE_OAUTH_CLIENT_ID: "level-c", GOOGLE_OAUTH_CLIENT_SECRET: "level-c", LOG_LEVEL: "warn" },
    },
    onLine: options.onLine,
    adjustEnv: (service, given) => ({
      ...wires.through(service, given),
      ...{ NODE_OPTIONS: `--import ${skewedClock}`, CLOCK_SHIFT_FILE: clockFile(service) },
    }),
  });
  twilio.setWebhookUrl(`${world.publicUrl}/api/twilio/sms`);
  // Not through a proxy: whoever watches must see.
  const database = new pg.Pool({ connectionString: world.databaseUrl, max: 4, connectionTimeoutMillis: 1_000 });
  database.on("error", () => undefined);

  return {
    ...{ world, twilio, google, wires, businesses, database },
    gatewayUrl: world.gatewayUrl,
    source: { databaseUrl: world.databaseUrl, twilioUrl: twilio.url, googleUrl: google.url },
    postgresPid: () => Number.parseInt(readFileSync(join(dataDir, "postgres", "postmaster.pid"), "utf8"), 10),
    /** The broker as it runs at the moment. */
    kafka: () => readWorldFile(dataDir)?.kafka,
    /** Sets a service's clock wrong by so many milliseconds; 0 sets it right. */
    shiftClock: (service: ServiceName, ms: number) => writeFileSync(clockFile(service), String(ms)),
    /** Resident memory of each service, in MiB. */
    memory: () => Object.fromEntries(serviceNames.map((name) => [name, residentMiB(world.service(name).pid())])),
    async close() {
      await database.end();
      wires.heal();
      await world.stop();
      await wires.close();
      await Promise.all([twilio.close(), google.close()]);
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

function residentMiB(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
  } catch {
    return 0; // no such process at the moment, or a system without /proc
  }
}
