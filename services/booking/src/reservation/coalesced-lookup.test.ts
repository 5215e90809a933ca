import { expect, test } from "@jest/globals";
import { createCoalescedLookup } from "./coalesced-lookup.ts";

/** A look-up of a value that changes; each is answered when the test says so. */
function startedLookups() {
  const answers: (() => void)[] = [];
  let value = 0;
  return {
    answers,
    change: () => {
      value++;
    },
    look: () => {
      const seen = value;
      return new Promise<number>((resolve) => answers.push(() => resolve(seen)));
    },
  };
}
const turn = () => new Promise((resolve) => setImmediate(resolve));

test("a thousand who ask while one look-up runs share the next, which begins after they asked", async () => {
  const lookups = startedLookups();
  const lookUp = createCoalescedLookup<number>();
  const first = lookUp("slot", lookups.look);
  lookups.change();
  const others = Array.from({ length: 1_000 }, () => lookUp("slot", lookups.look));
  lookups.answers[0]?.();
  expect(await first).toBe(0);
  await turn();
  expect(lookups.answers).toHaveLength(2);
  lookups.answers[1]?.();
  expect(new Set(await Promise.all(others))).toEqual(new Set([1]));
});

test("different keys do not wait for each other, and a failed look-up does not stop the next", async () => {
  const lookUp = createCoalescedLookup<number>();
  const failing = lookUp("a", () => Promise.reject(new Error("away")));
  const following = lookUp("a", async () => 2);
  const apart = lookUp("b", async () => 3);
  await expect(failing).rejects.toThrow("away");
  expect(await Promise.all([following, apart])).toEqual([2, 3]);
});
