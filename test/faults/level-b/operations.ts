import type { Model, Outcome, Wish } from "./model.ts";
import * as rules from "./model.ts";

/** What one caller does. Moves and cancellations of confirmed appointments join this list with their RPCs. */
export type Operation =
  | { kind: "claim"; wish: Wish; replaces?: Wish | undefined }
  | { kind: "release"; wish: Wish }
  | { kind: "confirm"; wish: Wish }
  | { kind: "confirm-by-stranger"; wish: Wish }
  | { kind: "run-out"; wish: Wish };

/** What a step can lead to. */
export type Step = (model: Model) => Outcome[];

/**
 * The moments at which an operation touches the store, in their order. It is over at the first that answers: a CONFIRM
 * that T1 turns away has no second moment.
 */
export function stepsOf(operation: Operation, isAlone: boolean): Step[] {
  const { wish } = operation;
  switch (operation.kind) {
    case "claim": {
      const { replaces } = operation;
      const one: Step = (model) => [rules.claim(model, wish, replaces)];
      // A hold that is only just being claimed may not be there yet when it is to be given back.
      return replaces && !isAlone ? [(model) => [...one(model), rules.claim(model, wish)]] : [one];
    }
    case "release":
      return [(model) => [rules.release(model, wish)]];
    case "confirm":
      return [(model) => [rules.beginConfirm(model, wish)], (model) => [rules.endConfirm(model, wish)]];
    case "confirm-by-stranger":
      return [(model) => [{ model, answer: "hold_not_found" }]];
    case "run-out":
      return [(model) => [rules.runOut(model, wish)]];
  }
}

/** For the report of a failure: `claim #3 replacing #1`. */
export function nameOf(operation: Operation, wishes: readonly Wish[]): string {
  const replaces =
    operation.kind === "claim" && operation.replaces ? ` replacing #${wishes.indexOf(operation.replaces)}` : "";
  return `${operation.kind} #${wishes.indexOf(operation.wish)}${replaces}`;
}
