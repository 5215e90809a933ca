import { baseEnv, envValue, type InFlightLimits, inFlightLimits, parseEnv } from "@bookproof/service";
import { z } from "zod";

/** Where Google gives tokens out; people are asked for their consent on another host. */
const googleTokenHost = "https://oauth2.googleapis.com";
const googleConsentUrl = "https://accounts.google.com/o/oauth2/v2/auth";

const env = baseEnv.extend({
  SECRETS_KEY: envValue.secretsKeys,
  GOOGLE_CALENDAR_BASE_URL: envValue.baseUrl.default("https://www.googleapis.com"),
  GOOGLE_OAUTH_BASE_URL: envValue.baseUrl.default(googleTokenHost),
  GOOGLE_OAUTH_CLIENT_ID: z.string().default(""),
  GOOGLE_OAUTH_CLIENT_SECRET: z.string().default(""),
});

export interface Config {
  logLevel: string;
  databaseUrl: string;
  listenAddr: string;
  /** Calls in flight. */
  inFlight: InFlightLimits;
  /** 32 bytes, base64: encrypts the calendars' stored credentials. */
  secretsKeys: string[];
  google: GoogleSettings;
}

export interface GoogleSettings {
  /** Without a trailing slash. */
  calendarBaseUrl: string;
  /** Without a trailing slash; tokens are at /token. */
  oauthBaseUrl: string;
  /** Google's consent page. */
  oauthConsentUrl: string;
  /** Of our OAuth application; "" where calendars are reached by service accounts alone. */
  oauthClientId: string;
  oauthClientSecret: string;
  times: GoogleTimes;
  sync: SyncSettings;
}

/** The longest that a question to Google may take, signing in included, in milliseconds. */
export interface GoogleTimes {
  /** Inserting and deleting. */
  writeMs: number;
  getMs: number;
  busyMs: number;
  /** A page of a list of events. */
  listMs: number;
}

export const googleTimes: GoogleTimes = { writeMs: 2_500, getMs: 1_000, busyMs: 3_000, listMs: 8_000 };

/** How calendars at Google are kept known here. All but the days in milliseconds. */
export interface SyncSettings {
  /** How often due calendars are looked for. */
  lookMs: number;
  /** How many calendars a process asks about at a time. */
  atOnce: number;
  /** How often each is asked about, a fifth more or less. */
  everyMs: number;
  /** After how long a calendar of a process that is not heard of is asked about by another. */
  leaseMs: number;
  /** The first wait after a failure, which doubles with each in a row, and the longest. */
  retryMs: { first: number; longest: number };
  /** The same where Google asks to slow down. */
  slowDownMs: { first: number; longest: number };
  /** Busy times known for longer are asked for. */
  freshMs: number;
  /** For how long a write may be under way: nothing that was asked meanwhile is stored. */
  writingMs: number;
  /** Which days around now are kept known; Google is asked for the others. */
  days: { past: number; ahead: number };
  /** For how long a taken change is nobody else's. */
  changeLeaseMs: number;
  /** Acknowledged changes are forgotten after this time. */
  keepMs: number;
  /** How often that is seen to. */
  forgetEveryMs: number;
}

export const syncSettings: SyncSettings = {
  lookMs: 1_000,
  atOnce: 12,
  everyMs: 25_000,
  leaseMs: 60_000,
  retryMs: { first: 5_000, longest: 60_000 },
  slowDownMs: { first: 30_000, longest: 300_000 },
  freshMs: 60_000,
  writingMs: 10_000,
  // Two questions of 60 days.
  days: { past: 2, ahead: 118 },
  changeLeaseMs: 30_000,
  keepMs: 30 * 24 * 60 * 60_000,
  forgetEveryMs: 10 * 60_000,
};

/** @throws ConfigError naming the variable that is missing or wrong. */
export function readConfig(variables: NodeJS.ProcessEnv): Config {
  const parsed = parseEnv(env, variables);
  const oauthBaseUrl = parsed.GOOGLE_OAUTH_BASE_URL;
  return {
    logLevel: parsed.LOG_LEVEL,
    databaseUrl: parsed.DATABASE_URL,
    listenAddr: parsed.LISTEN_ADDR,
    inFlight: inFlightLimits,
    secretsKeys: parsed.SECRETS_KEY,
    google: {
      calendarBaseUrl: parsed.GOOGLE_CALENDAR_BASE_URL,
      oauthBaseUrl,
      // A stand-in has both on one host.
      oauthConsentUrl: oauthBaseUrl === googleTokenHost ? googleConsentUrl : `${oauthBaseUrl}/o/oauth2/v2/auth`,
      oauthClientId: parsed.GOOGLE_OAUTH_CLIENT_ID,
      oauthClientSecret: parsed.GOOGLE_OAUTH_CLIENT_SECRET,
      times: googleTimes,
      sync: syncSettings,
    },
  };
}
