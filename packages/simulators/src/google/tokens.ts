import { randomBytes } from "node:crypto";

/** Who a token acts for: a refresh token's user, or a service account's e-mail (without delegation to a user). */
export type Grant = { kind: "user" | "service-account"; id: string };

/** Grants and the access tokens made of them. */
export type Tokens = {
  /** A new access token, or undefined where the grant is revoked. Lives `lifetimeSeconds`. */
  issue(grant: Grant): { accessToken: string; lifetimeSeconds: number } | undefined;
  /** The grant behind an access token that is neither expired nor revoked. */
  check(accessToken: string): Grant | undefined;
  /** Ends a grant and its access tokens: its next refresh is an `invalid_grant`. */
  revokeGrant(grantId: string): void;
  /** As when the owner connects the calendar again. */
  restoreGrant(grantId: string): void;
  /** Ends all access tokens that were issued; their grants stay good, so one refresh heals it. */
  expireAccessTokens(): void;
};

/** `fixed` access tokens never expire and act for a user of that name. */
export function createTokens(options: { fixed: string[]; lifetimeSeconds: number; now: () => number }): Tokens {
  const issued = new Map<string, { grant: Grant; expiresAt: number }>();
  const revoked = new Set<string>();
  const { fixed, lifetimeSeconds, now } = options;

  return {
    issue(grant) {
      if (revoked.has(grant.id)) return undefined;
      const accessToken = `ya29.sim-${randomBytes(24).toString("base64url")}`;
      issued.set(accessToken, { grant, expiresAt: now() + lifetimeSeconds * 1000 });
      return { accessToken, lifetimeSeconds };
    },
    check(accessToken) {
      const token = issued.get(accessToken);
      const grant: Grant | undefined = fixed.includes(accessToken) ? { kind: "user", id: accessToken } : token?.grant;
      if (grant === undefined || revoked.has(grant.id)) return undefined;
      return token !== undefined && token.expiresAt <= now() ? undefined : grant;
    },
    revokeGrant(grantId) {
      revoked.add(grantId);
      for (const [accessToken, { grant }] of issued) if (grant.id === grantId) issued.delete(accessToken);
    },
    restoreGrant: (grantId) => {
      revoked.delete(grantId);
    },
    expireAccessTokens: () => issued.clear(),
  };
}
