import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { checkStore } from "./check-store.ts";
import { type StoreWorld, startStoreWorld } from "./store-world.ts";

let world: StoreWorld | undefined;
beforeAll(async () => {
  world = await startStoreWorld();
});
afterAll(() => world?.close());

/** What must have happened at least once, or the run has shown nothing. */
const wanted = [
  ...["claim: won", "claim: lost", "release: released", "run-out: ran out", "confirm: confirmed", "confirm: failed"],
  ...["confirm: slot_taken", "confirm: started", "confirm-by-stranger: hold_not_found"],
];

test("whatever many callers do at once, the store is what a plain model says, and each was answered as if they had come one by one", async () => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  if (!world) throw new Error("the store did not start");
  const answers = await checkStore(world, { runs: 80, seed, timeLimitMs: 150_000 });
  console.log(`seed ${seed}: ${[...answers].map(([answer, times]) => `${answer} ${times}`).join(", ")}`);
  expect([...answers.keys()]).toEqual(expect.arrayContaining(wanted));
}, 180_000);
