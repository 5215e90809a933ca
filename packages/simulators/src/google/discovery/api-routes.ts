import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Grant, Tokens } from "../oauth/tokens.ts";
import { GoogleRefusal } from "../refusal.ts";
import { type BodySchemas, compileBodySchemas } from "./body-schemas.ts";
import { type ApiDescription, type ApiMethod, readDescription } from "./description.ts";
import { type QueryValue, readQuery } from "./read-query.ts";
import { selectFields } from "./select-fields.ts";

/** A request that keeps to the description, by somebody whom the token lets in. */
export type ApiCall = {
  grant: Grant;
  calendarId: string;
  eventId: string;
  query: Record<string, QueryValue>;
  /** Without fields that the description does not have. */
  body: unknown;
  ifMatch: string | undefined;
};

/** Gives the answer's body; one without a described body is a 204. */
export type ApiHandler = (call: ApiCall) => unknown;

/** For all simulators of a process: the description never changes, and tests start many. */
let compiled: { description: ApiDescription; schemas: BodySchemas } | undefined;

function compile(): { description: ApiDescription; schemas: BodySchemas } {
  const description = readDescription();
  return { description, schemas: compileBodySchemas(description) };
}

/**
 * Serves every method of Google's description at its path. Requests that break the description are refused, and an
 * answer that breaks it is an error of the simulator: a 500 that says so.
 */
export function addApiRoutes(
  app: FastifyInstance,
  deps: { tokens: Tokens; countQuota(grant: Grant): void },
  handlers: Record<string, ApiHandler>,
): void {
  compiled ??= compile();
  const { description, schemas } = compiled;

  for (const [name, method] of Object.entries(description.methods)) {
    const handle = handlers[name];
    if (handle === undefined) throw new Error(`nothing simulates ${name}`);
    app.route({
      method: method.httpMethod,
      url: `${description.basePath}${method.path.replace(/\{(\w+)\}/g, ":$1")}`,
      config: { operation: method.id },
      handler: async (request, reply) => {
        const grant = authenticate(request, deps.tokens);
        checkScopes(method, grant);
        deps.countQuota(grant);
        const query = readQuery(description, method, Object(request.query));
        const { calendarId = "", eventId = "" } = Object(request.params);
        const body = schemas.checkRequest(method, request.body);
        const answer = handle({ grant, calendarId, eventId, query, body, ifMatch: request.headers["if-match"] });
        if (method.response === undefined) return reply.code(204).send();
        schemas.checkAnswer(method, answer);
        const etag: unknown = Reflect.get(Object(answer), "etag");
        if (typeof etag === "string") reply.header("etag", etag);
        if (request.method === "GET" && request.headers["if-none-match"] === etag) return reply.code(304).send();
        const { fields } = query;
        const whole = { schema: method.response.$ref, body: answer };
        return reply.send(fields === undefined ? answer : selectFields(description, whole, String(fields)));
      },
    });
  }
}

function authenticate(request: FastifyRequest, tokens: Tokens): Grant {
  const token = /^Bearer (.+)$/i.exec(request.headers.authorization ?? "")?.[1];
  const grant = token === undefined ? undefined : tokens.check(token);
  if (grant !== undefined) return grant;
  throw new GoogleRefusal(401, "authError", "Invalid Credentials", {
    locationType: "header",
    location: "Authorization",
  });
}

function checkScopes({ scopes }: ApiMethod, grant: Grant): void {
  if (scopes.some((scope) => grant.scopes.includes(scope))) return;
  throw new GoogleRefusal(403, "insufficientPermissions", "Request had insufficient authentication scopes.");
}
