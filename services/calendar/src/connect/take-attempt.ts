import { timingSafeEqual } from "node:crypto";
import { BookproofError } from "@bookproof/errors";
import { withTenant } from "@bookproof/postgres";
import type { Deps } from "../deps.ts";
import { sha256 } from "../domain/secret-token.ts";
import {
  type ConnectAttempt,
  endConnectAttempt,
  lockConnectAttempt,
  tenantOfConnectAttempt,
} from "../queries/connect-attempts.ts";

export interface TakenAttempt {
  tenantId: string;
  calendarId: string;
  codeVerifier: string;
  redirectUri: string;
}

/**
 * Takes the sign-in that a browser comes back from, so that nobody can take it again. Another browser's try changes nothing.
 * @throws BookproofError `connect_attempt_invalid`
 */
export async function takeAttempt(
  deps: Deps,
  { state, browserToken }: { state: string; browserToken: string },
): Promise<TakenAttempt> {
  const stateSha256 = sha256(state);
  const tenantId = await tenantOfConnectAttempt(deps.pool, stateSha256);
  if (!tenantId) throw refusal("This sign-in is not known here: open the link again.");
  return withTenant(deps.pool, tenantId, async (client) => {
    const attempt = await lockConnectAttempt(client, tenantId, stateSha256);
    const why = attempt ? whyNot(attempt, browserToken) : "This sign-in is not known here: open the link again.";
    if (!attempt || why) throw refusal(why);
    await endConnectAttempt(client, tenantId, stateSha256);
    const { calendarId, codeVerifierSealed, redirectUri } = attempt;
    return { tenantId, calendarId, codeVerifier: deps.secrets.open(codeVerifierSealed), redirectUri };
  });
}

const refusal = (why: string) => new BookproofError("connect_attempt_invalid", why);

/** The browser first: nobody else is told how the attempt fares. */
function whyNot({ browserSha256, used, expired }: ConnectAttempt, browserToken: string): string {
  if (!timingSafeEqual(Buffer.from(browserSha256), Buffer.from(sha256(browserToken))))
    return "This sign-in was begun in another browser: open the link again, and stay in one browser.";
  if (used) return "This sign-in has ended already: open the link again if the calendar is not connected.";
  return expired ? "This sign-in took longer than ten minutes: open the link again." : "";
}
