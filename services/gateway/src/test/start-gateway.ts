import type { TenantConnection } from "@bookproof/proto/booking";
import { createLogger } from "@bookproof/service";
import { createTestDatabase, eventually, type TestDatabase } from "@bookproof/testing";
import twilio from "twilio";
import { type Config, type OverloadLimits, overloadLimits } from "../config.ts";
import { createDeps } from "../deps.ts";
import { createServer } from "../server.ts";
import { type StandIns, startStandIns } from "./stand-ins.ts";

export const bootstrapToken = "bootstrap-token-of-the-tests";

export const clinic: TenantConnection = {
  tenantId: "a0000000-0000-0000-0000-000000000001",
  name: "Smile Dental",
  timeZone: "America/New_York",
  phoneNumbers: ["+15550100001"],
  owner: { phone: "+15550100900", vipPhone: "+15550100901", email: "", hotLeadAlertPhone: "" },
  twilio: { accountSid: "AC1", authToken: "clinic-auth-token" },
  vapi: { secret: "clinic-vapi-secret", hmacSecret: "clinic-hmac-secret", promptExtension: "" },
  plainTexts: false,
};
export const plumber: TenantConnection = {
  ...clinic,
  tenantId: "b0000000-0000-0000-0000-000000000002",
  name: "Quick Pipes",
  phoneNumbers: ["+15550100002"],
  owner: { phone: "+15550100910", vipPhone: "", email: "", hotLeadAlertPhone: "" },
  twilio: { accountSid: "AC2", authToken: "plumber-auth-token" },
  vapi: { secret: "plumber-vapi-secret", hmacSecret: "", promptExtension: "" },
};

export interface TestGateway extends StandIns {
  /** http://127.0.0.1:port */
  url: string;
  /** What Twilio signs. */
  publicUrl: string;
  database: TestDatabase;
  /** A JSON call as the holder of a token. */
  call(method: string, path: string, options?: { token?: string | undefined; body?: unknown }): Promise<JsonAnswer>;
  stop(): Promise<void>;
}

export interface JsonAnswer {
  status: number;
  text: string;
  body: Record<string, unknown>;
}

/** The real gateway on a free port, over a real database, with stand-ins behind it. @param options.publicUrl by default its own URL. */
export async function startGateway(
  options: {
    publicUrl?: string;
    simulatorUrl?: string;
    connections?: TenantConnection[];
    overload?: Partial<OverloadLimits>;
  } = {},
): Promise<TestGateway> {
  const database = await createTestDatabase();
  const standIns = await startStandIns(options.connections ?? [clinic, plumber], createLogger("stand-in", "fatal"));
  const config: Config = {
    logLevel: "fatal",
    traceSms: true,
    databaseUrl: database.url,
    host: "127.0.0.1",
    port: 0,
    publicUrl: options.publicUrl ?? "",
    bootstrapAdminToken: bootstrapToken,
    sandboxSimulatorUrl: options.simulatorUrl,
    agentAddr: standIns.agent.address,
    bookingAddr: standIns.booking.address,
    calendarAddr: standIns.calendar.address,
    notifierAddr: standIns.notifier.address,
    overload: { ...overloadLimits, ...options.overload },
  };
  const deps = createDeps(config);
  const server = createServer(deps);
  const url = `http://${await server.start()}`;
  config.publicUrl ||= url;
  await eventually("the tenants are loaded", () => deps.connections.isLoaded());
  return {
    ...standIns,
    url,
    publicUrl: config.publicUrl,
    database,
    async call(method, path, { token, body } = {}) {
      const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
      if (body !== undefined) headers["content-type"] = "application/json";
      const sent = typeof body === "string" ? body : JSON.stringify(body);
      const response = await fetch(url + path, { method, headers, ...(sent === undefined ? {} : { body: sent }) });
      const text = await response.text();
      return { status: response.status, text, body: JSON.parse(text) };
    },
    async stop() {
      await server.stop();
      const { agent, booking, notifier, calendar } = standIns;
      await Promise.all([agent, booking, notifier, calendar].map((service) => service.server.stop()));
      await database.drop();
    },
  };
}

/** Posts a form as Twilio does: signed over PUBLIC_URL, path and query with the account's auth token. */
export async function postSigned(
  gateway: TestGateway,
  path: string,
  form: Record<string, string>,
  options: { authToken?: string; signature?: string | undefined; headers?: Record<string, string> } = {},
): Promise<Response> {
  const authToken = options.authToken ?? clinic.twilio?.authToken ?? "";
  const signed = twilio.getExpectedTwilioSignature(authToken, gateway.publicUrl + path, form);
  const signature = "signature" in options ? options.signature : signed;
  return fetch(gateway.url + path, {
    method: "POST",
    headers: { ...options.headers, ...(signature === undefined ? {} : { "x-twilio-signature": signature }) },
    body: new URLSearchParams(form),
  });
}

/** A customer's text to the clinic. */
export function smsForm(fields: Record<string, string> = {}): Record<string, string> {
  return {
    MessageSid: "SM00000000000000000000000000000001",
    AccountSid: "AC1",
    From: "+15551230001",
    To: "+15550100001",
    Body: "Book me tomorrow morning",
    NumMedia: "0",
    FieldOfTheFuture: "yes",
    ...fields,
  };
}
