import { createHash, randomBytes } from "node:crypto";

/** What a person allowed an application. */
export type Authorization = {
  clientId: string;
  redirectUri: string;
  account: string;
  scopes: string[];
  challenge: { method: "S256" | "plain"; value: string } | undefined;
  /** Whether the exchange gives a refresh token: offline access, asked for the first time or with `prompt=consent`. */
  givesRefreshToken: boolean;
};

/** Codes between the consent page and the token endpoint. */
export type AuthorizationCodes = {
  issue(authorization: Authorization): string;
  /** Undefined where the code is unknown, older than ten minutes, or used: asking uses it up. */
  redeem(code: string): Authorization | undefined;
};

const LIFETIME_MS = 10 * 60_000;

/** No codes yet. `now` gives milliseconds since the epoch. */
export function createAuthorizationCodes(now: () => number): AuthorizationCodes {
  const codes = new Map<string, Authorization & { issuedAt: number }>();
  return {
    issue(authorization) {
      const code = `4/0sim-${randomBytes(32).toString("base64url")}`;
      codes.set(code, { ...authorization, issuedAt: now() });
      return code;
    },
    redeem(code) {
      const found = codes.get(code);
      codes.delete(code);
      return found !== undefined && now() - found.issuedAt < LIFETIME_MS ? found : undefined;
    },
  };
}

/** Whether the verifier is the one the challenge was made of (RFC 7636, 4.6). */
export function matchesChallenge(challenge: Authorization["challenge"], verifier: string): boolean {
  if (challenge === undefined) return true;
  const made = challenge.method === "plain" ? verifier : createHash("sha256").update(verifier).digest("base64url");
  return made === challenge.value;
}
