import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { type AuthorizationCodes, matchesChallenge } from "./authorization-codes.ts";
import { idTokenOf } from "./id-token.ts";
import type { OauthClients } from "./oauth-clients.ts";
import { OauthRefusal } from "./oauth-refusal.ts";
import { grantOfAssertion } from "./service-account-assertion.ts";
import type { Grant, Tokens } from "./tokens.ts";

const JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";

const requestSchema = z.discriminatedUnion("grant_type", [
  z.object({
    grant_type: z.literal("authorization_code"),
    code: z.string().min(1),
    client_id: z.string().min(1),
    client_secret: z.string().optional(),
    redirect_uri: z.string().min(1),
    code_verifier: z.string().optional(),
  }),
  z.object({
    grant_type: z.literal("refresh_token"),
    refresh_token: z.string().min(1),
    client_id: z.string().min(1),
    client_secret: z.string().optional(),
  }),
  z.object({ grant_type: z.literal(JWT_BEARER), assertion: z.string().min(1) }),
]);
type TokenRequest = z.output<typeof requestSchema>;

export type TokenRouteDeps = {
  tokens: Tokens;
  clients: OauthClients;
  codes: AuthorizationCodes;
  /** Told with a new refresh token, as Google does for an application in "Testing". */
  refreshLifetimeSeconds: number | undefined;
  now: () => number;
};

/**
 * `POST /token`: an access token for an authorization code, a refresh token or a service account's signed JWT, and
 * `POST /revoke`. Any refresh token and any issuer is good until it is revoked; the JWT's signature is not checked, as
 * its key is not known here.
 */
export function addTokenRoute(app: FastifyInstance, deps: TokenRouteDeps): void {
  const { tokens } = deps;

  app.post("/token", async (request) => {
    const asked = readRequest({ ...basicCredentials(request.headers.authorization), ...Object(request.body) });
    const { grant, refreshToken } = grantFor(asked, deps);
    const token = tokens.issue(grant);
    if (token === undefined) throw new OauthRefusal(400, "invalid_grant", "Token has been expired or revoked.");
    const { refreshLifetimeSeconds: lifetime } = deps;
    const idToken = idTokenOf(grant, deps.now());
    return {
      access_token: token.accessToken,
      expires_in: token.lifetimeSeconds,
      ...(refreshToken === undefined ? {} : { refresh_token: refreshToken }),
      ...(refreshToken === undefined || lifetime === undefined ? {} : { refresh_token_expires_in: lifetime }),
      ...(idToken === undefined ? {} : { id_token: idToken }),
      scope: token.scopes.join(" "),
      token_type: "Bearer",
    };
  });

  const revokedSchema = z.object({ token: z.string().min(1) });
  app.post("/revoke", async (request) => {
    const given = revokedSchema.safeParse({ ...Object(request.query), ...Object(request.body) });
    if (!given.success) throw new OauthRefusal(400, "invalid_request", "Missing required parameter: token");
    if (!tokens.revokeToken(given.data.token)) {
      throw new OauthRefusal(400, "invalid_token", "Token expired or revoked");
    }
    return {};
  });
}

/** @throws OauthRefusal 400 invalid_request, unsupported_grant_type */
function readRequest(body: unknown): TokenRequest {
  const parsed = requestSchema.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const type = Reflect.get(Object(body), "grant_type");
  if (issue?.code === "invalid_union" && type !== undefined) {
    throw new OauthRefusal(400, "unsupported_grant_type", `Invalid grant_type: ${type}`);
  }
  throw new OauthRefusal(400, "invalid_request", `Missing required parameter: ${String(issue?.path[0])}`);
}

function grantFor(asked: TokenRequest, deps: TokenRouteDeps): { grant: Grant; refreshToken?: string } {
  if (asked.grant_type === JWT_BEARER) return { grant: grantOfAssertion(asked.assertion, deps.now()) };
  deps.clients.checkSecret(asked.client_id, asked.client_secret);
  if (asked.grant_type === "refresh_token") return { grant: deps.tokens.grantOf(asked.refresh_token) };

  const authorization = deps.codes.redeem(asked.code);
  if (authorization === undefined) throw new OauthRefusal(400, "invalid_grant", "Bad Request");
  const { clientId, account, scopes, challenge, redirectUri, givesRefreshToken } = authorization;
  if (clientId !== asked.client_id) throw new OauthRefusal(400, "invalid_grant", "Bad Request");
  if (redirectUri !== asked.redirect_uri) throw new OauthRefusal(400, "redirect_uri_mismatch", "Bad Request");
  if (challenge !== undefined && asked.code_verifier === undefined) {
    throw new OauthRefusal(400, "invalid_grant", "Missing code verifier.");
  }
  if (!matchesChallenge(challenge, asked.code_verifier ?? "")) {
    throw new OauthRefusal(400, "invalid_grant", "Invalid code verifier.");
  }
  if (!givesRefreshToken) return { grant: { kind: "user", id: account, account, scopes } };
  const grant = deps.tokens.grantTo(clientId, account, scopes);
  return { grant, refreshToken: grant.id };
}

/** A client may put its id and secret into the header instead (RFC 6749, 2.3.1). */
function basicCredentials(header: string | undefined): object {
  const encoded = /^Basic (.+)$/i.exec(header ?? "")?.[1];
  if (encoded === undefined) return {};
  const [id = "", secret = ""] = Buffer.from(encoded, "base64").toString("utf8").split(":");
  return { client_id: decodeURIComponent(id), client_secret: decodeURIComponent(secret) };
}
