import { BookproofError } from "@bookproof/errors";
import { GoogleFailure } from "../adapters/google-failure.ts";
import { exchangeCode, mayWrite, type OAuthGrant } from "../adapters/google-oauth.ts";
import type { Deps } from "../deps.ts";
import type { ConnectableCalendar } from "./find-connectable.ts";

const beginAgain =
  'sign in with the account that owns it, or share it with this one with "Make changes to events", and open the link again.';

/** By the step that Google refused. */
const refusals = {
  exchange: {
    grant_gone: "Google did not accept this sign-in, which may have taken too long: open the link again.",
    refused:
      "Google refuses this application: who runs Bookproof must check GOOGLE_OAUTH_CLIENT_ID, GOOGLE_OAUTH_CLIENT_SECRET and the redirect URI at Google.",
  },
  look: {
    grant_gone: "Google took the access back at once: open the link again.",
    refused: `This Google account cannot open the calendar: ${beginAgain}`,
  },
};

/**
 * Gets lasting access for the code that Google's page gave, and makes sure that it opens the calendar.
 * @throws BookproofError `connect_refused`, `connect_unanswered`
 */
export async function obtainGrant(
  deps: Deps,
  { tenantId, calendar }: { tenantId: string; calendar: ConnectableCalendar },
  given: { code: string; codeVerifier: string; redirectUri: string },
): Promise<OAuthGrant> {
  const { google } = deps.config;

  async function orSay<T>(step: keyof typeof refusals, work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      if (!(error instanceof GoogleFailure)) throw error;
      const about = { tenantId, calendarId: calendar.id, vendor: "google" };
      deps.logger.warn(about, `[CALENDAR_NOT_CONNECTED] ${step}: ${error.message}`);
      const cause = { cause: error };
      if (error.kind === "unanswered" || error.kind === "rate_limited")
        throw new BookproofError("connect_unanswered", undefined, cause);
      const { grant_gone: gone, refused } = refusals[step];
      throw new BookproofError("connect_refused", error.kind === "grant_gone" ? gone : refused, cause);
    }
  }

  const grant = await orSay("exchange", exchangeCode(google, given));
  if (await orSay("look", mayWrite(google, grant.refreshToken, calendar.source.googleCalendarId))) return grant;
  throw new BookproofError("connect_refused", `This Google account may only look at the calendar: ${beginAgain}`);
}
