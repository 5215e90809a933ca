import { z } from "zod";
import { OauthRefusal } from "./oauth-refusal.ts";
import { CALENDAR_SCOPE, type Grant } from "./tokens.ts";

const claimsSchema = z.object({
  iss: z.string().min(1),
  scope: z.string().default(CALENDAR_SCOPE),
  sub: z.string().optional(),
  exp: z.number(),
});

/**
 * Who a service account's JWT acts for; with `sub` that user (domain-wide delegation). `now` is milliseconds since the
 * epoch.
 * @throws OauthRefusal 400 invalid_grant where it is no JWT or over
 */
export function grantOfAssertion(assertion: string, now: number): Grant {
  const [, payload, signature] = assertion.split(".");
  const claims =
    payload === undefined || signature === undefined
      ? undefined
      : claimsSchema.safeParse(parseJson(Buffer.from(payload, "base64url").toString("utf8"))).data;
  if (claims === undefined || claims.exp * 1000 <= now) {
    throw new OauthRefusal(400, "invalid_grant", "Invalid JWT: Token must be a short-lived token (60 minutes)");
  }
  const scopes = claims.scope.split(" ");
  if (claims.sub === undefined) return { kind: "service-account", id: claims.iss, scopes };
  return { kind: "user", id: claims.iss, account: claims.sub, scopes };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
