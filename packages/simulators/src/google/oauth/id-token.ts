import type { Grant } from "./tokens.ts";

/**
 * The ID token of an account that allowed `openid` and `email`; undefined for any other grant. Its signature is none: it comes from the
 * token endpoint itself. Source: https://developers.google.com/identity/openid-connect/openid-connect#obtainuserinfo
 */
export function idTokenOf({ account, scopes }: Grant, now: number): string | undefined {
  if (account === undefined || !(scopes.includes("openid") && scopes.includes("email"))) return undefined;
  const issuedAt = Math.floor(now / 1000);
  const claims = {
    iss: "https://accounts.google.com",
    sub: account,
    ...{ email: account, email_verified: true },
    ...{ iat: issuedAt, exp: issuedAt + 3600 },
  };
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "RS256", typ: "JWT" })}.${part(claims)}.simulated`;
}
