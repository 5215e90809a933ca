import { type Reason, reasons } from "./reasons.ts";

/** The one error that is thrown on purpose. `message` is a sentence a caller may read; `cause` stays in the log. */
export class BookproofError extends Error {
  readonly reason: Reason;

  /** @param detail replaces the reason's own sentence where a more exact one helps the caller. */
  constructor(reason: Reason, detail?: string, options?: { cause?: unknown }) {
    super(detail ?? reasons[reason].says, options);
    this.name = "BookproofError";
    this.reason = reason;
  }
}

/** The reason of anything thrown: its own, or `internal`. */
export function reasonOf(error: unknown): Reason {
  return error instanceof BookproofError ? error.reason : "internal";
}

/** Whether an error was thrown for one of these reasons. */
export function hasReason(error: unknown, ...expected: Reason[]): error is BookproofError {
  return error instanceof BookproofError && expected.includes(error.reason);
}
