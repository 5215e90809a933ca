import { findFreePorts } from "@bookproof/local-postgres";
import { AgentServiceDefinition } from "@bookproof/proto/agent";
import { type ApplyTenantRequest, BookingServiceDefinition } from "@bookproof/proto/booking";
import { CalendarServiceDefinition } from "@bookproof/proto/calendar";
import { NotifierServiceDefinition } from "@bookproof/proto/notifier";
import { createGrpcClient, type RunningServer } from "@bookproof/service";
import { startGoogleSimulator, startMailbox, startTwilioSimulator } from "@bookproof/simulators";
import { createTestDatabase, eventually } from "@bookproof/testing";
import * as agent from "./services/agent.ts";
import * as booking from "./services/booking.ts";
import * as calendar from "./services/calendar.ts";
import * as gateway from "./services/gateway.ts";
import * as notifier from "./services/notifier.ts";

const services = { gateway, agent, booking, calendar, notifier };
export type ServiceName = keyof typeof services;

export const adminToken = "in-process-world-admin-token";

/**
 * The five real services in this process, speaking gRPC and HTTP with each other, over a real Postgres, with Twilio and
 * Google as simulators that keep their own ledgers.
 */
export async function startInProcessWorld(options: {
  tenants: ApplyTenantRequest[];
  env?: NodeJS.ProcessEnv;
  /** Shorter times, say. */
  configure?: Configure;
}) {
  const database = await createTestDatabase();
  const twilio = await startTwilioSimulator({ accounts: [] });
  const google = await startGoogleSimulator();
  const mailbox = await startMailbox();
  const env = await environment(
    { databaseUrl: database.url, twilioUrl: twilio.url, googleUrl: google.url },
    { SMTP_URL: mailbox.smtpUrl, ...options.env },
  );
  const gatewayUrl = env.PUBLIC_URL;
  twilio.setWebhookUrl(`${gatewayUrl}/api/twilio/sms`);

  const addressOf = {
    gateway: "127.0.0.1:0",
    agent: env.AGENT_ADDR,
    booking: env.BOOKING_ADDR,
    calendar: env.CALENDAR_ADDR,
    notifier: env.NOTIFIER_ADDR,
  };
  const running = new Map<ServiceName, RunningServer>();
  const start = async (name: ServiceName) => {
    const server = await createService(name, { ...env, LISTEN_ADDR: addressOf[name] }, options.configure);
    await server.start();
    running.set(name, server);
  };
  const stop = async (name: ServiceName) => {
    await running.get(name)?.stop();
    running.delete(name);
  };
  for (const name of ["calendar", "booking", "notifier", "agent", "gateway"] as const) await start(name);

  const clients = {
    agent: createGrpcClient(AgentServiceDefinition, env.AGENT_ADDR),
    booking: createGrpcClient(BookingServiceDefinition, env.BOOKING_ADDR),
    calendar: createGrpcClient(CalendarServiceDefinition, env.CALENDAR_ADDR),
    notifier: createGrpcClient(NotifierServiceDefinition, env.NOTIFIER_ADDR),
  };
  const applyTenant = async (request: ApplyTenantRequest) => {
    await clients.booking.client.applyTenant(request);
    const { accountSid = "", authToken = "" } = request.twilio ?? {};
    twilio.addAccount({ sid: accountSid, authToken, phoneNumbers: request.tenant?.phoneNumbers ?? [] });
  };
  for (const tenant of options.tenants) await applyTenant(tenant);

  /** What the customer's phone has received from a business number, oldest first. */
  const received = (customer: string) =>
    twilio.ledger.messages({ to: customer, direction: "outbound" }).map((message) => message.body);

  return {
    database,
    twilio,
    google,
    mailbox,
    gatewayUrl,
    applyTenant,
    start,
    stop,
    received,
    agent: clients.agent.client,
    booking: clients.booking.client,
    calendar: clients.calendar.client,
    notifier: clients.notifier.client,
    /** Sends one text as Twilio does. @returns the webhook's HTTP status. */
    text: async (from: string, to: string, body: string) => (await twilio.sendInbound({ from, to, body })).status,
    /** Sends one text and waits for the next text back. */
    async ask(from: string, to: string, body: string): Promise<string> {
      const before = received(from).length;
      await twilio.sendInbound({ from, to, body });
      return eventually(`an answer to "${body}"`, () => received(from)[before]);
    },
    /** GET on the gateway as a platform owner. */
    get: (path: string, token = adminToken) =>
      fetch(`${gatewayUrl}${path}`, { headers: { authorization: `Bearer ${token}` } }),
    async close() {
      // The edge first, so that nothing new comes in while the rest drains.
      for (const name of [...running.keys()].reverse()) await stop(name);
      for (const connection of Object.values(clients)) connection.close();
      await Promise.all([twilio.close(), google.close(), mailbox.close()]);
      await database.drop();
    },
  };
}

type ConfigOf<Name extends ServiceName> = NonNullable<Parameters<(typeof services)[Name]["create"]>[1]>;
type Configure = { [Name in ServiceName]?: ConfigOf<Name> };

/** So that what a test does to Google strikes at once, and nobody else's question in its place. */
export const askGoogleEachTime: ConfigOf<"calendar"> = (config) => ({
  ...config,
  google: { ...config.google, sync: { ...config.google.sync, lookMs: 24 * 60 * 60_000 } },
});

async function createService(name: ServiceName, env: NodeJS.ProcessEnv, configure: Configure = {}) {
  switch (name) {
    case "gateway":
      return gateway.create(env, configure.gateway);
    case "agent":
      return agent.create(env, configure.agent);
    case "booking":
      return booking.create(env, configure.booking);
    case "calendar":
      return calendar.create(env, configure.calendar ?? askGoogleEachTime);
    case "notifier":
      return notifier.create(env, configure.notifier);
  }
}

export type InProcessWorld = Awaited<ReturnType<typeof startInProcessWorld>>;

async function environment(
  urls: { databaseUrl: string; twilioUrl: string; googleUrl: string },
  more: NodeJS.ProcessEnv,
) {
  const [gatewayPort, agentPort, bookingPort, calendarPort, notifierPort] = await findFreePorts(5);
  return {
    LOG_LEVEL: process.env.LOG_LEVEL ?? "error",
    DATABASE_URL: urls.databaseUrl,
    TWILIO_BASE_URL: urls.twilioUrl,
    GOOGLE_CALENDAR_BASE_URL: urls.googleUrl,
    GOOGLE_OAUTH_BASE_URL: urls.googleUrl,
    GOOGLE_OAUTH_CLIENT_ID: "client",
    GOOGLE_OAUTH_CLIENT_SECRET: "secret",
    SECRETS_KEY: Buffer.alloc(32, 7).toString("base64"),
    BOOTSTRAP_ADMIN_TOKEN: adminToken,
    GATEWAY_PORT: String(gatewayPort),
    PUBLIC_URL: `http://127.0.0.1:${gatewayPort}`,
    AGENT_ADDR: `127.0.0.1:${agentPort}`,
    BOOKING_ADDR: `127.0.0.1:${bookingPort}`,
    CALENDAR_ADDR: `127.0.0.1:${calendarPort}`,
    NOTIFIER_ADDR: `127.0.0.1:${notifierPort}`,
    ...more,
  };
}
