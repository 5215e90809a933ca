import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { AuthorizationCodes } from "./authorization-codes.ts";
import { authorizationErrorPage, type Consent, consentPage } from "./consent.ts";
import type { OauthClients } from "./oauth-clients.ts";
import { OauthRefusal } from "./oauth-refusal.ts";

export const AUTHORIZATION_PATH = "/o/oauth2/v2/auth";

export type AuthorizationRouteDeps = {
  clients: OauthClients;
  codes: AuthorizationCodes;
  consent: () => Consent;
  /** Whether the account ever gave the application a refresh token. */
  isKnown(clientId: string, account: string): boolean;
};

const answerSchema = z.object({ answer: z.enum(["allow", "deny"]) });

/** Source: https://developers.google.com/identity/protocols/oauth2/web-server#creatingclient */
const querySchema = z.object({
  client_id: z.string().min(1),
  redirect_uri: z.url({ protocol: /^https?$/ }),
  response_type: z.literal("code"),
  scope: z
    .string()
    .min(1)
    .transform((text) => text.split(" ").filter((scope) => scope !== "")),
  state: z.string().optional(),
  access_type: z.enum(["online", "offline"]).default("online"),
  prompt: z.string().optional(),
  code_challenge: z
    .string()
    .regex(/^[\w.~-]{43,128}$/)
    .optional(),
  code_challenge_method: z.enum(["plain", "S256"]).default("plain"),
});
type Query = z.output<typeof querySchema>;

/** Google's consent page: sends the browser back with `code` and `state`, or with `error=access_denied`. */
export function addAuthorizationRoute(app: FastifyInstance, deps: AuthorizationRouteDeps): void {
  app.route({
    method: ["GET", "POST"],
    url: AUTHORIZATION_PATH,
    errorHandler: async (error, _request, reply) => {
      if (!(error instanceof OauthRefusal)) throw error;
      const { status, error: code, message } = error;
      return reply
        .code(status)
        .type("text/html")
        .send(authorizationErrorPage(status, code, message));
    },
    handler: async (request, reply) => {
      const query = readQuery(request.query);
      deps.clients.checkRedirect(query.client_id, query.redirect_uri);
      const consent = deps.consent();
      const pressed = request.method === "POST" ? answerSchema.parse(request.body).answer : undefined;
      const answer = pressed ?? consent.answer;
      if (answer === "ask") {
        const { client_id: clientId, scope: scopes } = query;
        return reply.type("text/html").send(consentPage({ clientId, account: consent.account, scopes }));
      }
      return reply.redirect(
        backTo(query, answer === "deny" ? { error: "access_denied" } : allow(query, consent, deps)),
      );
    },
  });
}

/** @throws OauthRefusal 400 that names the parameter */
function readQuery(rawQuery: unknown): Query {
  const parsed = querySchema.safeParse(rawQuery);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const name = String(issue?.path[0]);
  if (Reflect.get(Object(rawQuery), name) === undefined) {
    throw new OauthRefusal(400, "invalid_request", `Missing required parameter: ${name}`);
  }
  if (name === "response_type") {
    throw new OauthRefusal(400, "unsupported_response_type", "Invalid response_type");
  }
  throw new OauthRefusal(400, "invalid_request", `Invalid parameter value for ${name}: ${issue?.message}`);
}

function allow(query: Query, consent: Consent, deps: AuthorizationRouteDeps): Record<string, string> {
  const { client_id: clientId, redirect_uri: redirectUri, code_challenge: value } = query;
  const { account, scopes: ticked } = consent;
  const scopes = query.scope.filter((scope) => ticked === undefined || ticked.includes(scope));
  const asksAgain = query.prompt?.split(" ").includes("consent") === true;
  const code = deps.codes.issue({
    ...{ clientId, redirectUri, account, scopes },
    challenge: value === undefined ? undefined : { method: query.code_challenge_method, value },
    givesRefreshToken: query.access_type === "offline" && (asksAgain || !deps.isKnown(clientId, account)),
  });
  return { code, scope: scopes.join(" ") };
}

function backTo({ redirect_uri, state }: Query, answer: Record<string, string>): string {
  const url = new URL(redirect_uri);
  for (const [name, value] of Object.entries({ ...(state === undefined ? {} : { state }), ...answer })) {
    url.searchParams.set(name, value);
  }
  return url.href;
}
