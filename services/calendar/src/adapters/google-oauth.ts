import { BookproofError } from "@bookproof/errors";
import { z } from "zod";
import type { GoogleSettings } from "../config.ts";
import { allowsCalendars, requestedScopes } from "../domain/google-scopes.ts";
import { emailOfIdToken } from "../domain/id-token.ts";
import { codeChallengeOf } from "../domain/secret-token.ts";
import { createGoogleClient, createOAuthClient } from "./google-client.ts";
import { toGoogleFailure } from "./google-failure.ts";

/** Somebody waits in front of a browser, and what is cut off must be begun anew. */
const exchangeMs = 5_000;
const lookMs = 3_000;

const granted = z.object({
  refresh_token: z.string().min(1).optional(),
  scope: z.string().optional(),
  id_token: z.string().optional(),
});

/** What somebody allowed us at the consent page. */
export interface OAuthGrant {
  refreshToken: string;
  /** "" where Google did not say. */
  accountEmail: string;
}

/** Where a browser is sent to be asked for consent. Always asked, since only then Google surely gives a refresh token. */
export function consentUrl(
  settings: GoogleSettings,
  { state, codeVerifier, redirectUri }: { state: string; codeVerifier: string; redirectUri: string },
): string {
  const query = new URLSearchParams({
    client_id: settings.oauthClientId,
    redirect_uri: redirectUri,
    response_type: "code",
    scope: requestedScopes,
    access_type: "offline",
    prompt: "consent",
    state,
    code_challenge: codeChallengeOf(codeVerifier),
    code_challenge_method: "S256",
  });
  return `${settings.oauthConsentUrl}?${query}`;
}

/**
 * Exchanges an authorization code, once.
 * @throws GoogleFailure, and BookproofError `connect_refused` where too little was allowed. What was allowed is never given back:
 * that would end every grant that the account gave us, also for other calendars.
 */
export async function exchangeCode(
  settings: GoogleSettings,
  { code, codeVerifier, redirectUri }: { code: string; codeVerifier: string; redirectUri: string },
): Promise<OAuthGrant> {
  const client = createOAuthClient(settings, exchangeMs);
  const { tokens } = await client
    .getToken({ code, codeVerifier, redirect_uri: redirectUri })
    .catch((error: unknown) => {
      throw toGoogleFailure(error, "signing in");
    });
  const { refresh_token: refreshToken, scope, id_token: idToken } = granted.parse(tokens);
  // No list means that all was granted that was asked for (RFC 6749, 5.1).
  if (scope !== undefined && !allowsCalendars(scope))
    throw new BookproofError(
      "connect_refused",
      "Not everything that is needed was allowed: open the link again, and tick every box on Google's page.",
    );
  if (!refreshToken)
    throw new BookproofError(
      "connect_refused",
      "Google gave no lasting access: remove this application at https://myaccount.google.com/connections, and open the link again.",
    );
  return { refreshToken, accountEmail: emailOfIdToken(idToken) };
}

const listed = z.object({ accessRole: z.string().optional() });
const writers = new Set(["owner", "writer"]);

/** Looks by a grant whether its account may write to a calendar; nothing is written. @throws GoogleFailure also where it may not even look */
export async function mayWrite(settings: GoogleSettings, refreshToken: string, calendarId: string): Promise<boolean> {
  const client = createGoogleClient({ kind: "refresh_token", refreshToken }, settings);
  const { accessRole = "" } = await client.call(
    async (api, limit) =>
      listed.parse((await api.events.list({ calendarId, maxResults: 1, fields: "accessRole" }, limit)).data),
    lookMs,
  );
  return writers.has(accessRole);
}
