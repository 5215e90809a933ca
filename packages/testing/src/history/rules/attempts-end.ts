import type { Violation } from "../verdict.ts";
import type { Context } from "./context.ts";

/** 6: every attempt ends within its deadline and 30 s of healthy time; its deadline is counted here, not read from its row. */
export function attemptsEnd({ history, options }: Context): Violation[] {
  return history.tables.attempts.flatMap(({ id, createdAt, endedAt }) => {
    const limit = Math.max(createdAt + options.attemptDeadlineMs, options.healedAt) + options.graceMs;
    if (endedAt !== undefined && endedAt <= limit) return [];
    if (endedAt === undefined && options.readAt < limit) return [];
    const what = endedAt === undefined ? "the attempt never ended" : `the attempt ended ${endedAt - limit} ms too late`;
    return [{ invariant: "attempts_end" as const, subject: id, what, at: limit }];
  });
}
