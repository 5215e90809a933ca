import { BookproofError, type Reason, reasonOf, reasonRow, reasons } from "@bookproof/errors";
import type { CallOptions } from "nice-grpc-common";
import {
  type CallContext,
  ClientError,
  type ClientMiddlewareCall,
  type ServerMiddlewareCall,
  Status,
} from "nice-grpc-common";
import { ErrorInfo, RichClientError, RichServerError } from "nice-grpc-error-details";
import type { Logger } from "pino";

/** `google.rpc.ErrorInfo.domain` of every reason of ours. */
const domain = "bookproof";

/** A reason leaves as its gRPC status with ErrorInfo; anything else is logged and leaves as a fixed text. */
export function serverErrorTranslation(logger: Logger) {
  return async function* translateErrors<Request, Response>(
    call: ServerMiddlewareCall<Request, Response>,
    context: CallContext,
  ) {
    try {
      return yield* call.next(call.request, context);
    } catch (error) {
      // Nothing else leaves as it is: the library writes what it does not know to standard error, with all that it quotes.
      if (context.signal.aborted && isAbort(error)) throw error;
      const reason = reasonOf(error);
      const known = error instanceof BookproofError;
      // Refusals are counted where they are made.
      if (!known || (reasons[reason].http >= 500 && reason !== "overloaded"))
        logger.error({ err: error, rpc: call.method.path }, `[RPC_FAILED] ${reason}`);
      const says = known ? error.message : reasons.internal.says;
      throw new RichServerError(reasons[reason].grpc, says, [ErrorInfo.fromPartial({ reason, domain })]);
    }
  };
}

const isAbort = (error: unknown) =>
  typeof error === "object" && error !== null && "name" in error && error.name === "AbortError";

/** A status that came back becomes the reason it left as; a broken connection or missed deadline is `unavailable`. */
export async function* clientErrorTranslation<Request, Response>(
  call: ClientMiddlewareCall<Request, Response>,
  options: CallOptions,
) {
  try {
    return yield* call.next(call.request, options);
  } catch (error) {
    throw toBookproofError(error);
  }
}

function toBookproofError(error: unknown): unknown {
  if (error instanceof RichClientError) {
    for (const detail of error.extra) {
      if (detail.$type !== "google.rpc.ErrorInfo" || detail.domain !== domain) continue;
      if (reasonRow(detail.reason)) return new BookproofError(detail.reason as Reason, error.details, { cause: error });
    }
  }
  if (error instanceof ClientError) {
    const unreachable = [Status.UNAVAILABLE, Status.DEADLINE_EXCEEDED, Status.CANCELLED].includes(error.code);
    return new BookproofError(unreachable ? "unavailable" : "internal", undefined, { cause: error });
  }
  return error;
}
