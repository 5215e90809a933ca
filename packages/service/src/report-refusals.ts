import type { Logger } from "pino";

/** Refusals come by the thousand, and writing a line for each would cost more than refusing: one line a second counts them. */
const everyMs = 1_000;

/** Counts refusals of `what` into `[OVERLOADED]` lines. @returns what to call at each refusal */
export function reportRefusals(logger: Logger, what: string): () => void {
  let refused = 0;
  const report = () => {
    logger.warn({ what, refused }, `[OVERLOADED] ${what}: ${refused} refused, too many are in flight`);
    refused = 0;
  };
  return () => {
    if (refused === 0) setTimeout(report, everyMs).unref();
    refused += 1;
  };
}
