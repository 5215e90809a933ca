import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startWorld } from "@bookproof/launcher";
import { NotifierServiceDefinition } from "@bookproof/proto/notifier";
import { createGrpcClient } from "@bookproof/service";
import { startGoogleSimulator, startTwilioSimulator } from "@bookproof/simulators";
import { eventually } from "@bookproof/testing";
import pg from "pg";
import { z } from "zod";

export const clinic = {
  tenantId: "a0000000-0000-0000-0000-00000000de01",
  phone: "+15550100001",
  owner: "+15550100900",
  vip: "+15550100901",
};
export const plumber = {
  tenantId: "a0000000-0000-0000-0000-00000000de02",
  phone: "+15550200001",
  owner: "+15550200900",
  vip: "+15550200901",
};

/** The credential of a business's voice assistant. */
export const vapiSecret = (business: typeof clinic) => `demo-vapi-secret-of-${business.tenantId}`;

/** The token of both businesses' Twilio accounts. */
export const twilioToken = "demo-twilio-token-0123456789abcdef";
const logLine = z.object({ msg: z.string(), level: z.string(), cid: z.string().optional() });

/** The lines of the log that a demo shows: the named markers of a journey. */
const marker = /\[(BOOKING_|ESCALATION_|SMS_REACTION|SMS_DUPLICATE|TRACE_CLAIM|TRACE_SKIP|TRACE_NEEDS)/;

export type Stage = Awaited<ReturnType<typeof openStage>>;

/**
 * The whole system as real processes in a fresh world, with simulated Twilio and Google, and everything they were told.
 * @param options.env more for every service; options.onLine hears every line of their logs
 */
export async function openStage(
  options: { kafka?: boolean; env?: NodeJS.ProcessEnv; onLine?: (service: string, line: string) => void } = {},
) {
  const dataDir = mkdtempSync(join(tmpdir(), "bookproof-demo-"));
  const log: { cid: string; level: string; text: string }[] = [];
  const twilio = await startTwilioSimulator({
    accounts: [
      { sid: "AC000000000000000000000000000000d1", authToken: twilioToken, phoneNumbers: [clinic.phone] },
      { sid: "AC000000000000000000000000000000d2", authToken: twilioToken, phoneNumbers: [plumber.phone] },
    ],
  });
  const google = await startGoogleSimulator();
  const world = await startWorld({
    dataDir,
    gatewayPort: 0,
    kafka: options.kafka ?? false,
    tenantsFile: fileURLToPath(new URL("./tenants.yaml", import.meta.url)),
    env: {
      TWILIO_BASE_URL: twilio.url,
      GOOGLE_CALENDAR_BASE_URL: google.url,
      GOOGLE_OAUTH_BASE_URL: google.url,
      GOOGLE_OAUTH_CLIENT_ID: "demo",
      GOOGLE_OAUTH_CLIENT_SECRET: "demo",
      DEMO_TWILIO_AUTH_TOKEN: twilioToken,
      DEMO_GOOGLE_REFRESH_TOKEN: "demo-refresh-token",
      DEMO_CLINIC_VAPI_SECRET: vapiSecret(clinic),
      DEMO_PLUMBER_VAPI_SECRET: vapiSecret(plumber),
      LOG_LEVEL: "info",
      ...options.env,
    },
    onLine(service, line) {
      options.onLine?.(service, line);
      const parsed = parseLogLine(line);
      if (parsed && marker.test(parsed.msg))
        log.push({ cid: parsed.cid ?? "", level: parsed.level, text: `${service}: ${parsed.msg}` });
    },
  });
  twilio.setWebhookUrl(`${world.publicUrl}/api/twilio/sms`);
  const database = new pg.Client({ connectionString: world.databaseUrl });
  await database.connect();
  const notifier = createGrpcClient(NotifierServiceDefinition, world.addresses.notifier);

  const received = (phone: string) =>
    twilio.ledger.messages({ to: phone, direction: "outbound" }).map((message) => message.body);
  return {
    twilio,
    google,
    log,
    database,
    notifier: notifier.client,
    received,
    gatewayUrl: world.publicUrl,
    adminToken: world.adminToken,
    service: world.service,
    /** Sends one text and waits for the answer. */
    async ask(from: string, to: string, body: string): Promise<string> {
      const before = received(from).length;
      await twilio.sendInbound({ from, to, body });
      return eventually(`an answer to "${body}"`, () => received(from)[before]);
    },
    async close() {
      notifier.close();
      await database.end();
      await world.stop();
      await Promise.all([twilio.close(), google.close()]);
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

function parseLogLine(line: string): z.infer<typeof logLine> | undefined {
  try {
    return logLine.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined; // a line of Node itself
  }
}
