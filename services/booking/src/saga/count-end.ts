import type { Reason } from "@bookproof/errors";
import { afterCommit, type Queryable } from "@bookproof/postgres";
import { countAttempt, markSpan } from "@bookproof/telemetry";
import type { Attempt } from "../queries/attempts.ts";

/**
 * Counts the end of an attempt once its transaction is committed: its compare-and-set lets one process end it, so that it is counted
 * once at most. One whose COMMIT was not answered is not: nobody can tell any more who ended it.
 * @param tookMs from the CONFIRM's first transaction, in milliseconds of database time
 */
export function countEnd(
  client: Queryable,
  attempt: Attempt,
  end: { outcome: "confirmed" | "failed"; reason?: Reason },
  tookMs: number,
): void {
  afterCommit(client, () => {
    markSpan({ attemptId: attempt.id, attemptOutcome: end.outcome });
    countAttempt(end, tookMs);
  });
}
