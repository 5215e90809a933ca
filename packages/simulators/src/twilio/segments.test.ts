import { describe, expect, test } from "@jest/globals";
import { countSegments } from "./segments.ts";

describe("countSegments", () => {
  test.each([
    ["160 GSM-7 characters fit one segment", "a".repeat(160), 1],
    ["161 take two of 153", "a".repeat(161), 2],
    ["307 take three", "a".repeat(307), 3],
    ["extended characters count twice", "€".repeat(81), 2],
    ["a curly quote makes it UCS-2", `’${"a".repeat(69)}`, 1],
    ["71 UCS-2 units take two of 67", `’${"a".repeat(70)}`, 2],
    ["an emoji is two UCS-2 units", "🙂".repeat(36), 2],
    ["an empty text is one segment", "", 1],
  ])("%s", (_title, body, segments) => {
    expect(countSegments(body)).toBe(segments);
  });
});
