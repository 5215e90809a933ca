import type { Model } from "./model.ts";
import { type Operation, type Step, stepsOf } from "./operations.ts";

/** An operation that ran at the same time as others, and what its caller was told. */
export interface Answered {
  operation: Operation;
  answer: string;
}

/**
 * Whether callers who acted at the same time were answered as if they had come one after the other: looks for an order
 * of the operations' steps in which the model gives each caller the answer it got, and ends as `isStore` wants it.
 * @returns the store as that order leaves it; undefined when no order explains the answers
 */
export function explain(before: Model, answered: readonly Answered[], isStore: (model: Model) => boolean) {
  const remaining = answered.map(({ operation }) => stepsOf(operation, answered.length === 1));
  const wanted = answered.map(({ answer }) => answer);
  const deadEnds = new Set<string>();

  const search = (model: Model, left: readonly (readonly Step[])[]): Model | undefined => {
    if (left.every((steps) => steps.length === 0)) return isStore(model) ? model : undefined;
    const place = JSON.stringify([left.map((steps) => steps.length), [...model.values()]]);
    const order = [...model.keys()].map((wish) => wish.holdId).join();
    if (deadEnds.has(place + order)) return undefined;
    for (const [index, [step, ...later]] of left.entries()) {
      if (!step) continue;
      for (const { model: next, answer } of step(model)) {
        if (answer !== undefined && answer !== wanted[index]) continue;
        const found = search(next, left.with(index, answer === undefined ? later : []));
        if (found) return found;
      }
    }
    deadEnds.add(place + order);
    return undefined;
  };
  return search(before, remaining);
}
