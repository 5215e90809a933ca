import { describe, expect, test } from "@jest/globals";
import type { Step } from "./dialogue-state.ts";
import { CLINIC, converse, type Line, PLUMBER } from "./test/converse.ts";
import { isConfirm } from "./understand-message.ts";

const SAYINGS = [
  ..."hi|book|CONFIRM|CONFIRM|confirm please|yes|no|2|the last one|tomorrow at 2|friday|actually friday|make it 3pm".split(
    "|",
  ),
  ..."noon|between 2 and 4|the 15th|yesterday|later|earlier|whitening|leak|different service|how much?|hours?|Jane Roe".split(
    "|",
  ),
  ..."my name is Bob|12 Main St, Apt 5|address is 1 Elm Rd|the time|the name|never mind|start over|help|thanks|wait".split(
    "|",
  ),
  ..."?|🙂||سارة|cancel it|tomorrow morning|any time|none of these|asap|(((((|\\|'; --|$&|1/2|99|\u202e2".split("|"),
  "a ".repeat(800),
  "1".repeat(1600),
  "no, ".repeat(400),
];

/** The same numbers for the same seed. */
function numbers(seed: number): (below: number) => number {
  let state = seed * 2654435761;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** What somebody who wants to get on would say. */
const HELPFUL: Record<Step, string> = {
  idle: "friday at 10",
  choosing_time: "thursday at 3",
  choosing_opening: "1",
  asking_name: "Jane Roe",
  asking_address: "12 Main St",
  awaiting_confirm: "CONFIRM",
  confirming: "is it done?",
};

/** Fifteen turns, half of them helpful and half at random, while time passes and others book. */
function talk(seed: number): Line[] {
  const pick = numbers(seed);
  let before = { step: "idle" as Step, calls: 0, last: "" };
  return Array.from({ length: 15 }, (): Line[] => [
    {
      says: ({ state, calendar, minutesPass }) => {
        minutesPass(pick(8) === 0 ? 45 : 1);
        if (pick(12) === 0) calendar.take("2027-01-15", "10:00");
        const texts = Array.from({ length: 1 + pick(2) }, () =>
          pick(2) ? HELPFUL[state.step] : (SAYINGS[pick(SAYINGS.length)] ?? ""),
        );
        before = { step: state.step, calls: calendar.confirmCalls(), last: texts.at(-1) ?? "" };
        return texts;
      },
      answers: () => undefined,
    },
    {
      do: ({ calendar }) => {
        const asked = calendar.confirmCalls() - before.calls;
        if (asked > 0) expect([asked, before.step, isConfirm(before.last)]).toEqual([1, "awaiting_confirm", true]);
      },
    },
  ]).flat();
}

describe("whatever is said", () => {
  test("every turn is answered within the rules, and only a CONFIRM of a summary asks for a booking", async () => {
    let booked = 0;
    for (let seed = 1; seed <= 40; seed++) {
      const world = await converse(seed % 2 ? CLINIC : PLUMBER, talk(seed));
      booked += world.calendar.booked().length;
    }
    expect(booked).toBeGreaterThan(0);
  });

  test("a long text is read in no time", async () => {
    const began = performance.now();
    for (const text of [
      "a ".repeat(800),
      "ok ".repeat(533),
      "12 ".repeat(533),
      "no, ".repeat(400),
      "address is ".repeat(145),
    ]) {
      await converse(PLUMBER, [{ says: text, answers: () => undefined }]);
    }
    expect(performance.now() - began).toBeLessThan(2_000);
  });
});
