import { types } from "node:util";
import { z } from "zod";

/** What a log may say of an error. */
export type DescribedError = {
  type: string;
  message: string;
  /** Where it was thrown, under the message as it is here. */
  stack: string;
  cause?: DescribedError;
} & { [field in (typeof tellingFields)[number]]?: string | number };

/**
 * What names a failure and holds nothing of a request. Everything else that errors carry is left out: a database's detail has the row
 * that it refused, a client's error the request with its credential.
 */
const tellingFields = [
  ...["reason", "kind", "code", "status", "syscall"],
  ...["severity", "schema", "table", "column", "constraint", "routine"],
] as const;

const deepestCause = 5;

/** An error without what it quotes: its kind, its text, the fields that name the failure, and the same of its causes. */
export function describeError(error: unknown, depth = 0): DescribedError {
  // Also one of another realm, as Node's own are where tests run.
  if (!(error instanceof Error || types.isNativeError(error)))
    return { type: typeof error, message: "not an Error", stack: "" };
  const message = messageOf(error);
  const type = error.name || error.constructor.name;
  const frames = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  return {
    type,
    message,
    ...tellingPartsOf(error),
    stack: [`${type}: ${message}`, ...frames].join("\n"),
    ...(error.cause !== undefined && depth < deepestCause ? { cause: describeError(error.cause, depth + 1) } : {}),
  };
}

function tellingPartsOf(error: object): Record<string, string | number> {
  const given = new Map<string, unknown>(Object.entries(error));
  return Object.fromEntries(
    tellingFields.flatMap((field) => {
      const value = given.get(field);
      return typeof value === "string" || typeof value === "number" ? [[field, value]] : [];
    }),
  );
}

/** What stands in quotes may be what was sent: a parser's snippet, a value that a database could not read, a key that nobody knows. */
function messageOf(error: Error): string {
  if (error instanceof z.ZodError) return error.issues.map(({ path, code }) => `${path.join(".")}: ${code}`).join("; ");
  return isOfOurStatement(error) ? error.message : error.message.replace(/".*"/s, '"***"');
}

/** A database quotes names of ours, unless it complains of data (class 22; https://www.postgresql.org/docs/current/errcodes-appendix.html). */
function isOfOurStatement(error: Error): boolean {
  return "severity" in error && "code" in error && !/^22/.test(String(error.code));
}
