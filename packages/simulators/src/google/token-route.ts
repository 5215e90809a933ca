import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { Grant, Tokens } from "./tokens.ts";

const JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const SCOPE = "https://www.googleapis.com/auth/calendar";

const tokenRequestSchema = z.discriminatedUnion("grant_type", [
  z.object({
    grant_type: z.literal("refresh_token"),
    refresh_token: z.string().min(1),
    client_id: z.string().min(1),
    client_secret: z.string().optional(),
  }),
  z.object({ grant_type: z.literal(JWT_BEARER), assertion: z.string().min(1) }),
]);

const claimsSchema = z.object({
  iss: z.string().min(1),
  scope: z.string().optional(),
  sub: z.string().optional(),
  exp: z.number(),
});

/** An OAuth error body (RFC 6749, 5.2). */
export function oauthErrorBody(error: string, description: string): object {
  return { error, error_description: description };
}

/**
 * `POST /token`: an access token for a refresh token or for a service account's signed JWT. Any refresh token and any
 * issuer is good until it is revoked; the JWT's signature is not checked, as its key is not known here.
 */
export function addTokenRoute(app: FastifyInstance, tokens: Tokens, now: () => number): void {
  app.post("/token", async (request, reply) => {
    const parsed = tokenRequestSchema.safeParse(request.body);
    if (!parsed.success) {
      const type = z.object({ grant_type: z.string() }).safeParse(request.body).data?.grant_type;
      const known = type === undefined || type === "refresh_token" || type === JWT_BEARER;
      const body = known
        ? oauthErrorBody("invalid_request", "Required parameter is missing")
        : oauthErrorBody("unsupported_grant_type", `Invalid grant_type: ${type}`);
      return reply.code(400).send(body);
    }
    const grant =
      parsed.data.grant_type === "refresh_token"
        ? ({ kind: "user", id: parsed.data.refresh_token } satisfies Grant)
        : grantOfAssertion(parsed.data.assertion, now());
    if (grant === undefined) {
      return reply
        .code(400)
        .send(oauthErrorBody("invalid_grant", "Invalid JWT: Token must be a short-lived token (60 minutes)"));
    }
    const token = tokens.issue(grant);
    if (token === undefined) {
      return reply.code(400).send(oauthErrorBody("invalid_grant", "Token has been expired or revoked."));
    }
    return {
      access_token: token.accessToken,
      expires_in: token.lifetimeSeconds,
      scope: SCOPE,
      token_type: "Bearer",
    };
  });
}

/** With `sub` the service account acts for that user (domain-wide delegation). */
function grantOfAssertion(assertion: string, now: number): Grant | undefined {
  const [, payload, signature] = assertion.split(".");
  if (payload === undefined || signature === undefined) return undefined;
  const claims = claimsSchema.safeParse(parseJson(Buffer.from(payload, "base64url").toString("utf8"))).data;
  if (claims === undefined || claims.exp * 1000 <= now) return undefined;
  return { kind: claims.sub === undefined ? "service-account" : "user", id: claims.iss };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
