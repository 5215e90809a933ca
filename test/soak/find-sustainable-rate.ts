import { type Measurements, percentile } from "./measurements.ts";
import type { Arrivals } from "./offer-load.ts";

/** A text must be answered within this, 95 times of 100, for a rate to count as sustainable. */
const boundedTurnMs = 2_000;
/** Less than this more, and more customers at once only wait longer. */
const worthwhile = 1.1;

/**
 * Raises the number of customers who are served at once until latency is no longer bounded or nothing is gained.
 * @param options.atOnce how many, step by step
 * @returns completed journeys a second at the best step
 */
export async function findSustainableRate(
  arrivals: Arrivals,
  seen: Measurements,
  { atOnce: steps, stepMs, print }: { atOnce: readonly number[]; stepMs: number; print: (line: string) => void },
): Promise<number> {
  let best = 0;
  for (const atOnce of steps) {
    const stepEnds = performance.now() + stepMs;
    const from = seen.mark();
    const customers = Array.from({ length: atOnce }, async () => {
      while (performance.now() < stepEnds) await arrivals.arrive();
    });
    await Promise.all(customers);
    const rate = ((seen.completed() - from.completed) / (performance.now() - from.at)) * 1_000;
    const p95 = percentile(seen.times.turn.slice(from.turn), 0.95);
    print(`ramp: ${atOnce} at once: ${rate.toFixed(1)} journeys/s, a text is answered in ${Math.round(p95)} ms (p95)`);
    // The lightest load counts in any case: a machine that is busy with other things still has a rate.
    if (p95 > boundedTurnMs && best > 0) break;
    const isWorthIt = rate > best * worthwhile;
    best = Math.max(best, rate);
    if (!isWorthIt || p95 > boundedTurnMs) break;
  }
  return best;
}
