import { randomBytes } from "node:crypto";

/** Every scope of the Calendar API, which a grant has that no consent page narrowed. */
export const CALENDAR_SCOPE = "https://www.googleapis.com/auth/calendar";

const ACCESS_TOKEN_PREFIX = "ya29.";

/** Who a token acts for: a refresh token's user, or a service account's e-mail (without delegation to a user). */
export type Grant = {
  kind: "user" | "service-account";
  /** The refresh token, or the service account's e-mail. */
  id: string;
  /** The Google account; known where it came through the consent page. */
  account?: string;
  scopes: string[];
};

/** An access token as the token endpoint gives it. */
export type IssuedToken = { accessToken: string; lifetimeSeconds: number; scopes: string[] };

/** Grants and the access tokens made of them. */
export type Tokens = {
  /** A new access token, or undefined where the grant is revoked or over. Lives `lifetimeSeconds`. */
  issue(grant: Grant): IssuedToken | undefined;
  /** The grant behind an access token that is neither expired nor revoked. */
  check(accessToken: string): Grant | undefined;
  /** A new refresh token, for an account that allowed an application these scopes. */
  grantTo(clientId: string, account: string, scopes: string[]): Grant;
  /** Whether `grantTo` was ever called for them. */
  isKnown(clientId: string, account: string): boolean;
  /** The grant of any refresh token; one that was not issued here has every scope. */
  grantOf(refreshToken: string): Grant;
  /** Ends a grant, or all of an account, with their access tokens: the next refresh is an `invalid_grant`. */
  revokeGrant(grantIdOrAccount: string): void;
  /** As `revokeGrant`, for a refresh or access token; false where it is neither or ended before. */
  revokeToken(token: string): boolean;
  /** As when the owner connects the calendar again. */
  restoreGrant(grantIdOrAccount: string): void;
  /** Ends all access tokens that were issued; their grants stay good, so one refresh heals it. */
  expireAccessTokens(): void;
};

export type TokenOptions = {
  /** Access tokens that never expire and act for a user of that name. */
  fixed: string[];
  lifetimeSeconds: number;
  /** Seven days for an application in "Testing"; absent: for ever. */
  refreshLifetimeSeconds: number | undefined;
  now: () => number;
};

/** Grants as Google keeps them. */
export function createTokens({ fixed, lifetimeSeconds, refreshLifetimeSeconds, now }: TokenOptions): Tokens {
  const issued = new Map<string, { grant: Grant; expiresAt: number }>();
  const granted = new Map<string, { grant: Grant; clientId: string; expiresAt: number }>();
  const revoked = new Set<string>();

  const isGone = ({ id, account }: Grant): boolean =>
    revoked.has(id) ||
    (account !== undefined && revoked.has(account)) ||
    (granted.get(id)?.expiresAt ?? Number.POSITIVE_INFINITY) <= now();

  const grantsOf = (account: string): string[] =>
    [...granted.values()].filter(({ grant }) => grant.account === account).map(({ grant }) => grant.id);

  function revokeGrant(name: string): void {
    for (const gone of [name, ...grantsOf(name)]) revoked.add(gone);
    for (const [accessToken, { grant }] of issued) {
      if (grant.id === name || grant.account === name) issued.delete(accessToken);
    }
  }

  return {
    issue(grant) {
      if (isGone(grant)) return undefined;
      const accessToken = `${ACCESS_TOKEN_PREFIX}sim-${randomBytes(24).toString("base64url")}`;
      issued.set(accessToken, { grant, expiresAt: now() + lifetimeSeconds * 1000 });
      return { accessToken, lifetimeSeconds, scopes: grant.scopes };
    },
    check(accessToken) {
      if (fixed.includes(accessToken)) {
        const grant: Grant = { kind: "user", id: accessToken, scopes: [CALENDAR_SCOPE] };
        return isGone(grant) ? undefined : grant;
      }
      const token = issued.get(accessToken);
      return token === undefined || isGone(token.grant) || token.expiresAt <= now() ? undefined : token.grant;
    },
    grantTo(clientId, account, scopes) {
      // A new consent makes the account good again; its older refresh tokens stay gone.
      revoked.delete(account);
      const id = `1//0sim-${randomBytes(32).toString("base64url")}`;
      const grant: Grant = { kind: "user", id, account, scopes };
      const lifetime = refreshLifetimeSeconds ?? Number.POSITIVE_INFINITY;
      granted.set(id, { grant, clientId, expiresAt: now() + lifetime * 1000 });
      return grant;
    },
    isKnown: (clientId, account) =>
      [...granted.values()].some(
        ({ grant, clientId: known }) => known === clientId && grant.account === account && !isGone(grant),
      ),
    grantOf: (refreshToken) =>
      granted.get(refreshToken)?.grant ?? { kind: "user", id: refreshToken, scopes: [CALENDAR_SCOPE] },
    revokeGrant,
    revokeToken(token) {
      const id = issued.get(token)?.grant.id ?? token;
      if (revoked.has(id) || id.startsWith(ACCESS_TOKEN_PREFIX)) return false;
      revokeGrant(id);
      return true;
    },
    restoreGrant(name) {
      for (const back of [name, ...grantsOf(name)]) revoked.delete(back);
    },
    expireAccessTokens: () => issued.clear(),
  };
}
