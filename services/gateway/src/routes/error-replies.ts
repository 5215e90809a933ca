import { BookproofError, hasReason, reasons } from "@bookproof/errors";
import type { Logger } from "@bookproof/service";
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

/** What Fastify refuses by itself, in our words: its own repeat what was sent. */
const refusals: Record<number, string> = {
  400: "The request is not valid.",
  413: "The body is too large.",
  415: "This content type is not understood here.",
};
/** When to come back, in seconds. */
const retryAfter = "5";
const notJson = new Set(["FST_ERR_CTP_INVALID_JSON_BODY", "FST_ERR_CTP_EMPTY_JSON_BODY"]);

/** How a refusal is shown. */
type ShowRefusal = (reply: FastifyReply, says: string) => FastifyReply;

const asJson: ShowRefusal = (reply, says) => reply.send({ error: says });

/** What answers when nothing else does. */
export function answerErrors(app: FastifyInstance, logger: Logger): void {
  app.setNotFoundHandler((_request, reply) => asJson(reply.code(404), "There is nothing here."));
  handleErrors(app, logger);
}

/** The one error handler: a sentence, `{"error": sentence}` unless shown otherwise, with the reason's HTTP status; the text of a 5xx stays in the log. */
export function handleErrors(app: FastifyInstance, logger: Logger, show: ShowRefusal = asJson): void {
  app.setErrorHandler((error: FastifyError | BookproofError | Error, request, reply) => {
    const { status, says } = describe(error);
    const overloaded = hasReason(error, "overloaded");
    if (overloaded) reply.header("retry-after", retryAfter);
    // Refusals are counted where they are made.
    if (status >= 500 && !overloaded) {
      const route = request.routeOptions.url;
      logger.error({ err: error, method: request.method, route }, `[REQUEST_FAILED] ${request.method} ${route}`);
    }
    if (status === 401) reply.header("www-authenticate", "Bearer");
    return show(reply.code(status), says);
  });
}

/** Answers a URL that cannot be decoded. */
export function badUrl(_error: FastifyError, _request: FastifyRequest, reply: FastifyReply): void {
  void reply.code(400).send({ error: "The URL is not valid." });
}

function describe(error: FastifyError | BookproofError | Error): { status: number; says: string } {
  if (error instanceof BookproofError) {
    const { http, says } = reasons[error.reason];
    return { status: http, says: http >= 500 ? says : error.message };
  }
  const status = "statusCode" in error ? (error.statusCode ?? 500) : 500;
  if (status < 400 || status >= 500) return { status: 500, says: reasons.internal.says };
  if ("code" in error && notJson.has(error.code)) return { status, says: "The body is not valid JSON." };
  return { status, says: refusals[status] ?? "The request is not valid." };
}
