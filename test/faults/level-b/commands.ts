import assert from "node:assert/strict";
import fc from "fast-check";
import { agrees, describe, look } from "./compare.ts";
import { explain } from "./explain.ts";
import { isFree, type Model, type Wish } from "./model.ts";
import { nameOf, type Operation } from "./operations.ts";
import type { Store } from "./store.ts";

/** fast-check hands one model on from command to command. */
export interface Memory {
  model: Model;
  /** How often each operation had each answer: a run that only ever lost proves nothing. */
  answers: Map<string, number>;
}

/** An operation before its run: wishes by number. */
interface Planned {
  kind: Operation["kind"];
  wish: number;
  replaces: number | undefined;
}

const planned: fc.Arbitrary<Planned> = fc.record({
  kind: fc.oneof(
    { weight: 5, arbitrary: fc.constant("claim" as const) },
    { weight: 3, arbitrary: fc.constant("confirm" as const) },
    { weight: 2, arbitrary: fc.constant("run-out" as const) },
    { weight: 1, arbitrary: fc.constant("release" as const) },
    { weight: 1, arbitrary: fc.constant("confirm-by-stranger" as const) },
  ),
  wish: fc.nat({ max: 7 }),
  replaces: fc.option(fc.nat({ max: 7 }), { nil: undefined, freq: 2 }),
});

type Command = fc.AsyncCommand<Memory, Store>;

const wishAt = (store: Store, index: number): Wish => {
  const wish = store.wishes[index % store.wishes.length];
  if (!wish) throw new Error("a run has at least one wish");
  return wish;
};

function toOperation(store: Store, plan: Planned): Operation {
  const wish = wishAt(store, plan.wish);
  if (plan.kind !== "claim") return { kind: plan.kind, wish };
  return { kind: "claim", wish, replaces: plan.replaces === undefined ? undefined : wishAt(store, plan.replaces) };
}

/** Callers who act at the same moment; one is the sequential case. */
const together = (plans: Planned[]): Command => ({
  check: () => true,
  async run(memory, store) {
    const operations = plans.map((plan) => toOperation(store, plan));
    const before = memory.model;
    const answers = await Promise.all(operations.map((operation) => store.perform(operation)));
    const seen = await look(store);
    assert.deepEqual(seen.contradictions, []);
    const answered = operations.map((operation, index) => ({ operation, answer: answers[index] ?? "" }));
    for (const { operation, answer } of answered) {
      const name = `${operation.kind}: ${answer}`;
      memory.answers.set(name, (memory.answers.get(name) ?? 0) + 1);
    }
    const after = explain(before, answered, (model) => agrees(model, seen));
    if (!after) {
      const told = answered.map(({ operation, answer }) => `${nameOf(operation, store.wishes)} → ${answer}`);
      const was = new Map([...before].map(([wish, hold]) => [wish.holdId, hold]));
      const states = `before: ${describe(was, store.wishes)}; after: ${describe(seen.holds, store.wishes)}`;
      throw new Error(`No order explains ${told.join(" | ")}; ${states}`);
    }
    memory.model = after;
  },
  toString: () =>
    plans
      .map(({ kind, wish, replaces }) => `${kind} ${wish}${replaces === undefined ? "" : `>${replaces}`}`)
      .join(" | "),
});

/** A customer asks for a slot: it is offered exactly if nobody who has not run out has it. */
const lookFor = (index: number): Command => ({
  check: () => true,
  async run(memory, store) {
    const wish = wishAt(store, index);
    assert.equal(await store.isOffered(wish), isFree(memory.model, wish), "offered exactly if it is free");
  },
  toString: () => `look for ${index}`,
});

/** What a run is made of: single callers, up to eight at once, customers who look. */
export const commands = fc.commands(
  [
    planned.map((plan) => together([plan])),
    fc.array(planned, { minLength: 2, maxLength: 8, size: "max" }).map(together),
    fc.nat({ max: 7 }).map(lookFor),
  ],
  { maxCommands: 25, size: "max" },
);
