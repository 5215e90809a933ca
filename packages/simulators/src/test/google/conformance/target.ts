import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { auth, calendar, type calendar_v3 } from "@googleapis/calendar";
import { expect } from "@jest/globals";
import { startGoogleSimulator } from "../../../index.ts";

/** An implementation of the Calendar API, an empty calendar there, and what was put into it. */
export type Target = {
  api: calendar_v3.Calendar;
  /** The same with a token that nobody gave. */
  strangers: calendar_v3.Calendar;
  calendarId: string;
  /** An https address, or one that the implementation takes; undefined where none is known. */
  webhookUrl: string | undefined;
  /** Inserts an event of that hour, cleaned away at the end. Times are UTC. */
  insert(event: { day: string; hour: number } & calendar_v3.Schema$Event): Promise<calendar_v3.Schema$Event>;
  /** Deletes what was inserted. */
  close(): Promise<void>;
};

/**
 * `GOOGLE_CONFORMANCE_BASE_URL` (as `https://www.googleapis.com`) with `GOOGLE_CONFORMANCE_TOKEN` (an access token of the
 * scope `https://www.googleapis.com/auth/calendar`), `GOOGLE_CONFORMANCE_CALENDAR_ID` (an empty calendar of its own) and
 * perhaps `GOOGLE_CONFORMANCE_WEBHOOK_URL`; without the first the simulator, started here.
 */
export async function openTarget(env = process.env): Promise<Target> {
  const baseUrl = env.GOOGLE_CONFORMANCE_BASE_URL;
  if (baseUrl === undefined) {
    const calendarId = "conformance@group.calendar.google.com";
    const sim = await startGoogleSimulator({ accessTokens: ["conformance"], calendars: [calendarId] });
    const target = { baseUrl: sim.url, token: "conformance", calendarId, webhookUrl: "http://127.0.0.1:9/hook" };
    return { ...reach(target), close: () => sim.close() };
  }
  return reach({
    baseUrl: baseUrl.replace(/\/$/, ""),
    token: needed(env, "GOOGLE_CONFORMANCE_TOKEN"),
    calendarId: needed(env, "GOOGLE_CONFORMANCE_CALENDAR_ID"),
    webhookUrl: env.GOOGLE_CONFORMANCE_WEBHOOK_URL,
  });
}

type Place = Pick<Target, "calendarId" | "webhookUrl"> & { baseUrl: string; token: string };

function reach({ baseUrl, token, calendarId, webhookUrl }: Place): Target {
  const api = clientOf(baseUrl, token);
  const inserted: string[] = [];
  return {
    ...{ api, calendarId, webhookUrl, strangers: clientOf(baseUrl, "nobody-gave-this-token") },
    async insert({ day, hour, ...event }) {
      const { data } = await api.events.insert({
        calendarId,
        sendUpdates: "none",
        requestBody: { id: freshId(), summary: "Conformance", ...timesOf(day, hour), ...event },
      });
      inserted.push(idOf(data));
      return data;
    },
    async close() {
      const gone = inserted.map((eventId) => api.events.delete({ calendarId, eventId, sendUpdates: "none" }));
      // Some were deleted by their test, which is a 410.
      await Promise.allSettled(gone);
    },
  };
}

function clientOf(baseUrl: string, token: string): calendar_v3.Calendar {
  const oauth = new auth.OAuth2();
  oauth.setCredentials({ access_token: token });
  return calendar({ version: "v3", auth: oauth, rootUrl: `${baseUrl}/`, retry: false });
}

function needed(env: NodeJS.ProcessEnv, name: string): string {
  const value = env[name];
  if (!value) throw new Error(`${name} is needed with GOOGLE_CONFORMANCE_BASE_URL`);
  return value;
}

/** An event id that nothing else has. */
export function freshId(): string {
  return `bp${randomUUID().replaceAll("-", "")}`;
}

export function idOf({ id }: calendar_v3.Schema$Event): string {
  if (!id) throw new Error("an event without an id");
  return id;
}

/** One hour of a day (`yyyy-mm-dd`), in UTC. */
export function timesOf(day: string, hour: number) {
  const at = (h: number) => ({ dateTime: `${day}T${String(h).padStart(2, "0")}:00:00Z`, timeZone: "UTC" });
  return { start: at(hour), end: at(hour + 1) };
}

/** A day of the far future, so that nothing else is on it; one a test. */
export function dayOf(test: number): string {
  return new Date(Date.UTC(new Date().getUTCFullYear() + 1, 5, 1 + test)).toISOString().slice(0, 10);
}

/** What a refusal looks like to the client. */
export function refusal(status: number, reason: string) {
  return { status, response: { data: { error: { code: status, errors: [expect.objectContaining({ reason })] } } } };
}

/** Asks again, ever more slowly, until `read` gives something: the real API's indexes lag. 20 seconds at most. */
export async function eventually<T>(read: () => Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + 20_000;
  for (let pause = 20; ; pause = Math.min(pause * 2, 1_000)) {
    const found = await read();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error("it did not happen within 20 s");
    await sleep(pause);
  }
}
