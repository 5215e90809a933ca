import { describe, expect, test } from "@jest/globals";
import { CLINIC, converse, PLUMBER } from "./test/converse.ts";
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

describe("whatever is said", () => {
  test.each(Array.from({ length: 60 }, (_, i) => i + 1))(
    "seed %i: every turn is answered within the rules, and only a CONFIRM to a summary asks for a booking",
    async (seed) => {
      const pick = numbers(seed);
      let step = "idle";
      let calls = 0;
      const lines = Array.from({ length: 15 }, () => {
        const says = Array.from({ length: 1 + pick(2) }, () => SAYINGS[pick(SAYINGS.length)] ?? "");
        return [
          {
            do: (world: Awaited<ReturnType<typeof converse>>) => {
              step = world.state.step;
              world.minutesPass(pick(8) === 0 ? 45 : 1);
              if (pick(12) === 0) world.calendar.take("2027-01-12", "14:00");
            },
          },
          { says, answers: () => undefined },
          {
            do: (world: Awaited<ReturnType<typeof converse>>) => {
              const asked = world.calendar.confirmCalls() - calls;
              calls = world.calendar.confirmCalls();
              if (asked > 0) expect([asked, step, isConfirm(says.at(-1) ?? "")]).toEqual([1, "awaiting_confirm", true]);
            },
          },
        ];
      });
      await converse(seed % 2 ? CLINIC : PLUMBER, lines.flat());
    },
  );

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
