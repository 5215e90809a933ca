import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startWorld } from "@bookproof/launcher";
import { startTwilioSimulator } from "@bookproof/simulators";
import pg from "pg";
import { type Business, makeBusinesses, tenantFileOf } from "./businesses.ts";
import { createInspectors } from "./inspectors.ts";
import { openPhones } from "./phones.ts";

const businessCount = 40;

export type SoakWorld = Awaited<ReturnType<typeof openSoakWorld>>;

/** The whole system as real processes in a fresh world, and the phones of everybody who texts it. */
export async function openSoakWorld() {
  const dataDir = mkdtempSync(join(tmpdir(), "bookproof-soak-"));
  const businesses = makeBusinesses(businessCount);
  const accounts = businesses.map(({ twilio, phone }) => ({ ...twilio, phoneNumbers: [phone] }));
  const twilio = await startTwilioSimulator({ accounts });
  const inspectors = createInspectors();
  const complaints = new Map<string, number>();
  const world = await startWorld({
    dataDir,
    tenants: tenantFileOf(businesses),
    env: {
      TWILIO_BASE_URL: twilio.url,
      LOG_LEVEL: "warn",
      NODE_OPTIONS: "--inspect=127.0.0.1:0",
    },
    onLine(source, line) {
      inspectors.hear(source, line);
      const [marker] = /\[[A-Z_]{3,}\]/.exec(line) ?? [];
      if (marker) complaints.set(`${source} ${marker}`, (complaints.get(`${source} ${marker}`) ?? 0) + 1);
    },
  });
  twilio.setWebhookUrl(`${world.publicUrl}/api/twilio/sms`);
  const database = new pg.Pool({ connectionString: world.databaseUrl, max: 2 });
  return {
    twilio,
    inspectors,
    phones: openPhones(twilio.ledger),
    database,
    gatewayUrl: world.publicUrl,
    adminToken: world.adminToken,
    service: world.service,
    /** How often each marker of the log was seen at warn or above, by service. */
    complaints,
    business: (index: number): Business => {
      const found = businesses[index % businesses.length];
      if (!found) throw new Error("there are no businesses");
      return found;
    },
    async close() {
      await database.end();
      await world.stop();
      await twilio.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
