import { BookproofError } from "@bookproof/errors";
import type { z } from "zod";

/**
 * Turns a request into a valid type at the edge.
 * @throws BookproofError `invalid_argument` with one sentence that names the first wrong field.
 */
export function parseRequest<T extends z.ZodType>(schema: T, request: unknown): z.infer<T> {
  const result = schema.safeParse(request);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const field = issue?.path.join(".") || "request";
  throw new BookproofError("invalid_argument", `${field}: ${issue?.message ?? "is not valid"}.`);
}
