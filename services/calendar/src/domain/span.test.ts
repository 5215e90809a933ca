import { describe, expect, test } from "@jest/globals";
import { clipSpans, splitSpan } from "./span.ts";

const span = (from: number, to: number) => ({ from: new Date(from), to: new Date(to) });

describe("spans of time", () => {
  test("are cut to a range and sorted; those outside or merely touching it are gone", () => {
    const spans = [span(50, 90), span(0, 10), span(5, 20), span(60, 70), span(80, 95)];
    expect(clipSpans(spans, span(10, 80))).toEqual([span(10, 20), span(50, 80), span(60, 70)]);
  });

  test("keep what else is known of them", () => {
    expect(clipSpans([{ ...span(0, 5), eventId: "e1" }], span(1, 9))).toEqual([{ ...span(1, 5), eventId: "e1" }]);
  });

  test("are split without gaps, the last part being the rest", () => {
    expect(splitSpan(span(0, 25), 10)).toEqual([span(0, 10), span(10, 20), span(20, 25)]);
    expect(splitSpan(span(0, 10), 10)).toEqual([span(0, 10)]);
  });
});
