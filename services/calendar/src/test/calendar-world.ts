import { generateKeyPairSync, randomBytes, randomUUID } from "node:crypto";
import { CalendarServiceDefinition, type CalendarSpec, type InsertEventRequest } from "@bookproof/proto/calendar";
import { createGrpcClient, createLogger } from "@bookproof/service";
import { type GoogleSimulator, startGoogleSimulator } from "@bookproof/simulators";
import { createTestDatabase, type TestDatabase } from "@bookproof/testing";
import { type GoogleTimes, readConfig, type SyncSettings } from "../config.ts";
import { createDeps } from "../deps.ts";
import { createServer } from "../server.ts";

/** Monday 2026-03-09, the day after the clocks went forward in New York: 09:00–17:00 there is 13:00–21:00 UTC. */
export const monday = {
  range: { from: new Date("2026-03-09T04:00:00Z"), to: new Date("2026-03-10T04:00:00Z") },
  window: { from: new Date("2026-03-09T13:00:00Z"), to: new Date("2026-03-09T21:00:00Z") },
  tenToHalfPast: { from: new Date("2026-03-09T14:00:00Z"), to: new Date("2026-03-09T14:30:00Z") },
};

export type CalendarWorld = Awaited<ReturnType<typeof startCalendarWorld>>;

/** So that a test sees its own questions alone. */
const noPolls = { lookMs: 1_000_000 };

/**
 * The calendar service on a free port with a fresh database, Google's stand-in and a client that never retries. It does not ask
 * Google on its own unless `sync` says how often.
 */
export async function startCalendarWorld(google: { sync?: Partial<SyncSettings>; times?: Partial<GoogleTimes> } = {}) {
  const database: TestDatabase = await createTestDatabase();
  const vendor: GoogleSimulator = await startGoogleSimulator();
  const configWith = (secretsKeys: string) => {
    const config = readConfig({ ...env, SECRETS_KEY: secretsKeys });
    config.google.times = { writeMs: 800, getMs: 800, busyMs: 800, listMs: 800, ...google.times };
    config.google.sync = { ...config.google.sync, ...noPolls, ...google.sync };
    return config;
  };
  const env = {
    LOG_LEVEL: "error",
    DATABASE_URL: database.url,
    LISTEN_ADDR: "127.0.0.1:0",
    GOOGLE_CALENDAR_BASE_URL: vendor.url,
    GOOGLE_OAUTH_BASE_URL: vendor.url,
    GOOGLE_OAUTH_CLIENT_ID: "client",
    GOOGLE_OAUTH_CLIENT_SECRET: "secret",
  };
  const begin = async (secretsKeys: string) => {
    const server = createServer(createDeps(configWith(secretsKeys), { logger: createLogger("calendar", "silent") }));
    return { server, ...createGrpcClient(CalendarServiceDefinition, await server.start()) };
  };
  const firstKey = randomBytes(32).toString("base64");
  let running = await begin(firstKey);
  const end = async () => {
    running.close();
    await running.server.stop();
  };
  return {
    get client() {
      return running.client;
    },
    database,
    google: vendor,
    /** Starts it anew with other keys, as SECRETS_KEY has them. */
    async restartWith(secretsKeys: string) {
      await end();
      running = await begin(secretsKeys);
    },
    /** Another replica of the service, on the same database. */
    begin: () => begin(firstKey),
    async apply(tenantId: string, ...calendars: CalendarSpec[]) {
      await running.client.applyCalendars({ tenantId, timeZone: "America/New_York", calendars });
    },
    /** Connects a calendar at Google, as its owner does by a browser. */
    async connect(tenantId: string, calendarId: string) {
      const address = { tenantId, calendarId };
      const { authorizationUrl, state, browserToken } = await running.client.beginConnect({
        openedBy: { $case: "calendar", value: address },
        redirectUri: "http://localhost:8080/api/google/callback",
      });
      const back = (await fetch(authorizationUrl, { redirect: "manual" })).headers.get("location") ?? "";
      const code = new URL(back).searchParams.get("code") ?? "";
      return running.client.finishConnect({ state, browserToken, code, error: "" });
    },
    async availability(tenantId: string, ...calendarIds: string[]) {
      const asked = { tenantId, calendarIds, range: monday.range };
      return (await running.client.getAvailability(asked, { retry: false })).calendars;
    },
    async stop() {
      await end();
      await vendor.close();
      await database.drop();
    },
  };
}

const workdays = [1, 2, 3, 4, 5].map((weekday) => ({ weekday, from: "09:00", to: "17:00" }));

export function builtin(id: string, closed: string[] = []): CalendarSpec {
  return { id, displayName: `Dr. ${id}`, kind: { $case: "builtin", value: {} }, workingHours: workdays, closed };
}

/** A calendar at Google that a refresh token opens. */
export function google(id: string, calendarId: string, refreshToken = "refresh-1"): CalendarSpec {
  const credential = { $case: "refreshToken", value: refreshToken } as const;
  return { ...builtin(id), kind: { $case: "google", value: { calendarId, credential } } };
}

/** A calendar at Google whose tenant file has no credential. */
export const unconnected = (id: string, calendarId: string): CalendarSpec => ({
  ...builtin(id),
  kind: { $case: "google", value: { calendarId, credential: undefined } },
});

/** A calendar at Google that a service account opens. */
export function googleByServiceAccount(id: string, calendarId: string, email: string): CalendarSpec {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const key = { client_email: email, private_key: privateKey.export({ type: "pkcs8", format: "pem" }) };
  const credential = { $case: "serviceAccountKey", value: JSON.stringify(key) } as const;
  return { ...builtin(id), kind: { $case: "google", value: { calendarId, credential } } };
}

/** An event on Monday at ten, under an id of its own, that may be inserted for a minute. */
export function newEvent(tenantId: string, calendarId: string): InsertEventRequest {
  return {
    tenantId,
    calendarId,
    eventId: `e${randomUUID().replaceAll("-", "")}`,
    appointmentId: randomUUID(),
    range: monday.tenToHalfPast,
    summary: "Consultation: Ann",
    description: "Booked with Smile Dental",
    location: "1 Main St",
    notAfter: new Date(Date.now() + 60_000),
    cid: randomUUID(),
  };
}

export const addressOf = ({ tenantId, calendarId, eventId }: InsertEventRequest) => ({ tenantId, calendarId, eventId });

export const storedAs = ({ eventId, appointmentId, range, summary }: InsertEventRequest, live = true) => ({
  ...{ eventId, appointmentId, range, live, summary },
  declined: false,
});

/** The same event, half an hour later. */
export const movedLater = ({ summary: _, description: __, location: ___, ...event }: InsertEventRequest) => ({
  ...event,
  range: { from: new Date("2026-03-09T14:30:00Z"), to: new Date("2026-03-09T15:00:00Z") },
});
