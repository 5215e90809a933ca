import type { SweepTimes } from "../config.ts";

/**
 * From when on a sweep looks: a window behind the last completed one, or behind now where there was none: what a business was
 * texted before it came to us is not ours to answer. Never further back than `longestMs`.
 */
export function sweepSince(
  { sweptAt, now }: { sweptAt: Date | undefined; now: Date },
  { windowMs, longestMs }: Pick<SweepTimes, "windowMs" | "longestMs">,
): Date {
  const last = Math.min(sweptAt?.getTime() ?? now.getTime(), now.getTime());
  return new Date(Math.max(last - windowMs, now.getTime() - longestMs));
}
