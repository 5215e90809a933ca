import { Writable } from "node:stream";
import type { TenantConnection } from "@bookproof/proto/booking";
import { NotifierServiceDefinition } from "@bookproof/proto/notifier";
import { createGrpcClient } from "@bookproof/service";
import { startTwilioSimulator } from "@bookproof/simulators";
import { createTestDatabase } from "@bookproof/testing";
import { pino } from "pino";
import { readConfig, type Times, times } from "../config.ts";
import { createDeps } from "../deps.ts";
import { createServer } from "../server.ts";
import { startAgentStandIn, startBookingStandIn } from "./stand-ins.ts";

export const SMILE = "a0000000-0000-4000-8000-000000000001";
export const SPARKS = "b0000000-0000-4000-8000-000000000002";

export const smile: TenantConnection = {
  tenantId: SMILE,
  name: "Smile Dental",
  timeZone: "America/New_York",
  phoneNumbers: ["+15550100001"],
  owner: { phone: "+15550100900", vipPhone: "+15550100901", email: "", hotLeadAlertPhone: "+15550100902" },
  twilio: { accountSid: `AC${"1".repeat(32)}`, authToken: "token-smile" },
  vapi: undefined,
  plainTexts: false,
};
export const sparks: TenantConnection = {
  ...smile,
  tenantId: SPARKS,
  name: "Sparks Electric",
  phoneNumbers: ["+15550200001"],
  owner: { phone: "+15550200900", vipPhone: "", email: "", hotLeadAlertPhone: "" },
  twilio: { accountSid: `AC${"2".repeat(32)}`, authToken: "token-sparks" },
  plainTexts: true,
};

export const NOON = "c0000000-0000-4000-8000-000000000003";
/** A tenant on whose clock it is noon now, whenever that is: its reminders are never quiet. */
export const noon: TenantConnection = {
  ...smile,
  tenantId: NOON,
  timeZone: zoneAtNoon(),
  phoneNumbers: ["+15550300001"],
  owner: { phone: "+15550300900", vipPhone: "", email: "", hotLeadAlertPhone: "" },
  twilio: { accountSid: `AC${"3".repeat(32)}`, authToken: "token-noon" },
};

/** POSIX turns the sign round: Etc/GMT+5 is five hours behind. */
function zoneAtNoon(): string {
  const ahead = new Date().getUTCHours() - 12;
  return ahead === 0 ? "Etc/GMT" : `Etc/GMT${ahead > 0 ? "+" : "-"}${Math.abs(ahead)}`;
}

/** Short enough for tests; what they stand for is in config.ts. */
const testTimes: Times = {
  ...times,
  textTimeoutMs: 400,
  alertTimeoutMs: 400,
  lookUpWaitMs: 50,
  proofTimeoutMs: 400,
  proofPatienceMs: 600,
  proofPollMs: 100,
  alertRetryMs: [300],
  acceptanceWaitMs: 1_500,
  ensureConfirmationMs: 400,
  resendDelayMs: 50,
  slowDownMs: [100, 200],
  credentialRetryMs: 150,
};

/** Everything around one notifier: its database, Twilio, booking and the agent, each a real server on 127.0.0.1. */
export async function startWorld(
  options: { blocklist?: string[]; smtpUrl?: string; times?: Partial<Times>; connections?: TenantConnection[] } = {},
) {
  const connections = options.connections ?? [smile, sparks, noon];
  const database = await createTestDatabase();
  const lines: string[] = [];
  const sink = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  const logger = pino({ level: "info" }, sink);
  const twilio = await startTwilioSimulator({
    accounts: connections.map(({ twilio: account, phoneNumbers }) => ({
      sid: account?.accountSid ?? "",
      authToken: account?.authToken ?? "",
      phoneNumbers,
    })),
    delivery: { automatic: false },
  });
  const booking = await startBookingStandIn(logger, connections);
  const agent = await startAgentStandIn(logger);
  const config = readConfig({
    DATABASE_URL: database.url,
    LISTEN_ADDR: "127.0.0.1:0",
    TWILIO_BASE_URL: twilio.url,
    PUBLIC_URL: "https://book.example",
    BOOKING_ADDR: booking.address,
    AGENT_ADDR: agent.address,
    INTERNAL_BLOCKLIST_E164: (options.blocklist ?? []).join(","),
    ...(options.smtpUrl ? { SMTP_URL: options.smtpUrl } : {}),
  });
  const begin = async () => {
    const deps = createDeps({ ...config, times: { ...testTimes, ...options.times } }, { logger });
    const server = createServer(deps);
    const client = createGrpcClient(NotifierServiceDefinition, await server.start());
    const stop = async () => {
      client.close();
      await server.stop();
    };
    return { deps, client, stop };
  };
  let running = await begin();
  return {
    database,
    twilio,
    booking,
    agent,
    lines,
    get notifier() {
      return running.client.client;
    },
    get deps() {
      return running.deps;
    },
    /** Another process in its place, which remembers nothing. */
    async restart() {
      await running.stop();
      running = await begin();
    },
    /** Texts that Twilio accepted for a number, oldest first. */
    textsTo: (to: string) => twilio.ledger.messages({ to, direction: "outbound" }).map(({ body }) => body),
    async stages(cid: string): Promise<{ stage: string; stage_reason: string | null }[]> {
      const { rows } = await database.query(
        "SELECT stage, stage_reason FROM trace.sms_flow_traces WHERE correlation_id = $1 ORDER BY id",
        [cid],
      );
      return rows;
    },
    async stop() {
      await running.stop();
      await Promise.all([booking.stop(), agent.stop(), twilio.close()]);
      await database.drop();
    },
  };
}

export type World = Awaited<ReturnType<typeof startWorld>>;
