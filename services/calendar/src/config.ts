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
}

/** The longest that a question to Google may take, signing in included, in milliseconds. */
export interface GoogleTimes {
  /** Inserting and deleting. */
  writeMs: number;
  getMs: number;
  busyMs: number;
}

export const googleTimes: GoogleTimes = { writeMs: 2_500, getMs: 1_000, busyMs: 3_000 };

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
    },
  };
}
