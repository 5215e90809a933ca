import { auth, calendar, type calendar_v3 } from "@googleapis/calendar";
import type { GoogleSettings } from "../config.ts";
import type { GoogleCredential } from "../domain/google-credential.ts";
import { GoogleFailure, toGoogleFailure } from "./google-failure.ts";

/** The calendar API of one grant, signed in when needed. */
export interface GoogleClient {
  /**
   * One question, in `timeoutMs` at most, signing in included. A 401 is asked once more with a fresh token; nothing else
   * is tried again. `work` passes `limit` to the API and reads the answer.
   * @throws GoogleFailure
   */
  call<T>(work: (api: calendar_v3.Calendar, limit: { timeout: number }) => Promise<T>, timeoutMs: number): Promise<T>;
}

export type AuthClient = InstanceType<typeof auth.OAuth2>;

interface Session {
  authClient: AuthClient;
  api: calendar_v3.Calendar;
}

/** Of service accounts, which see only what is shared with them. */
const scope = "https://www.googleapis.com/auth/calendar";
/** Where the library gets a service account's tokens; it offers no option for another place. */
const fixedTokenUrl = "https://oauth2.googleapis.com/token";
/** A token request serves everyone who waits for it, so it is not bound to one caller's limit, but lets go before it. */
const tokenTimeoutMs = 2_000;

export function createGoogleClient(credential: GoogleCredential, settings: GoogleSettings): GoogleClient {
  let session = openSession(credential, settings);
  return {
    async call(work, timeoutMs) {
      const deadline = performance.now() + timeoutMs;
      const ask = async ({ authClient, api }: Session) => {
        await signIn(authClient, deadline - performance.now());
        const timeout = Math.floor(deadline - performance.now());
        if (timeout <= 0) throw new GoogleFailure("unanswered", { sent: false, says: "signing in took all the time" });
        try {
          return await work(api, { timeout });
        } catch (error) {
          throw toGoogleFailure(error, "call");
        }
      };
      const used = session;
      try {
        return await ask(used);
      } catch (error) {
        if (!(error instanceof GoogleFailure) || error.kind !== "unauthorized") throw error;
        // Whoever comes first replaces the session whose token was revoked.
        if (session === used) session = openSession(credential, settings);
        return ask(session);
      }
    },
  };
}

async function signIn(authClient: AuthClient, withinMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new GoogleFailure("unanswered", { sent: false, says: "signing in: no answer in time" })),
      withinMs,
    );
  });
  try {
    await Promise.race([authClient.getAccessToken(), limit]);
  } catch (error) {
    throw toGoogleFailure(error, "signing in");
  } finally {
    clearTimeout(timer);
  }
}

function openSession(credential: GoogleCredential, settings: GoogleSettings): Session {
  const authClient = createAuthClient(credential, settings);
  const api = calendar({ version: "v3", auth: authClient, rootUrl: `${settings.calendarBaseUrl}/`, retry: false });
  return { authClient, api };
}

/** Of our OAuth application, nobody signed in yet. Nothing is tried again; a token request lets go after `timeoutMs`. */
export function createOAuthClient(settings: GoogleSettings, timeoutMs: number): AuthClient {
  return new auth.OAuth2({
    clientId: settings.oauthClientId,
    clientSecret: settings.oauthClientSecret,
    endpoints: { oauth2TokenUrl: `${settings.oauthBaseUrl}/token` },
    transporterOptions: transporterOptions(timeoutMs),
  });
}

function transporterOptions(timeoutMs: number) {
  return {
    // Node's own fetch keeps connections alive and is traced.
    fetchImplementation: fetch,
    timeout: timeoutMs,
    retryConfig: { retry: 0, noResponseRetries: 0 },
  };
}

function createAuthClient(credential: GoogleCredential, settings: GoogleSettings): AuthClient {
  if (credential.kind === "refresh_token") {
    const oauth = createOAuthClient(settings, tokenTimeoutMs);
    oauth.setCredentials({ refresh_token: credential.refreshToken });
    return oauth;
  }
  const { email, privateKey, privateKeyId } = credential;
  const jwt = new auth.JWT({
    ...{ email, key: privateKey, keyId: privateKeyId, scopes: [scope] },
    transporterOptions: transporterOptions(tokenTimeoutMs),
  });
  jwt.transporter.interceptors.request.add({
    resolved: async (request) => {
      if (request.url.href === fixedTokenUrl) request.url = new URL(`${settings.oauthBaseUrl}/token`);
      return request;
    },
  });
  return jwt;
}
