import { errorCodes } from "fastify";
import { ZodError } from "zod";

/** A request that gets a status and one sentence. */
export class TraceRefusal extends Error {
  status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Status and sentence for whatever a route threw; of a malformed body, its first fault and where that is. */
export function explainError(error: unknown): { status: number; message: string } {
  if (error instanceof TraceRefusal) return { status: error.status, message: error.message };
  if (error instanceof ZodError) return { status: 400, message: firstIssue(error) };
  if (error instanceof errorCodes.FST_ERR_CTP_INVALID_MEDIA_TYPE)
    return { status: 415, message: "only application/json is taken: set OTEL_EXPORTER_OTLP_PROTOCOL=http/json" };
  if (error instanceof errorCodes.FST_ERR_CTP_BODY_TOO_LARGE)
    return { status: 413, message: "the body is larger than 20 MiB" };
  const status = error instanceof Error && "statusCode" in error ? Number(error.statusCode) : 500;
  return { status, message: error instanceof Error ? error.message : String(error) };
}

function firstIssue({ issues: [issue] }: ZodError): string {
  const path = issue?.path.join(".") ?? "";
  return path === "" ? `the body is malformed: ${issue?.message}` : `${path}: ${issue?.message}`;
}
