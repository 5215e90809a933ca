import fc from "fast-check";
import { commands, type Memory } from "./commands.ts";
import { wishPlans } from "./scenario.ts";
import { openStore } from "./store.ts";
import type { StoreWorld } from "./store-world.ts";

/**
 * Lets many callers loose on the booking store and compares it, after each step, with a plain model of it.
 * @returns how often each operation had each answer
 * @throws fast-check's report: the seed, and the shortest run that still fails
 */
export async function checkStore(
  world: StoreWorld,
  options: { runs: number; seed: number; timeLimitMs: number },
): Promise<Map<string, number>> {
  const answers: Memory["answers"] = new Map();
  const property = fc.asyncProperty(wishPlans, commands, async (plans, chosen) => {
    const store = await openStore(world, plans);
    await fc.asyncModelRun(() => ({ model: { model: new Map(), answers }, real: store }), chosen);
  });
  await fc.assert(property, {
    ...{ numRuns: options.runs, seed: options.seed },
    // A race does not show itself at each repetition: shrinking that goes on for ever helps nobody.
    ...{ interruptAfterTimeLimit: options.timeLimitMs, markInterruptAsFailure: true },
  });
  return answers;
}
