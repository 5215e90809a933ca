import { expect, test } from "@jest/globals";
import { toE164 } from "./phone-number.ts";

test.each([
  ["+1-555-1234", "+15551234"],
  ["+1 (555) 123-0001", "+15551230001"],
  ["(212) 555-0187", "+12125550187"],
  ["5551230001", "+15551230001"],
  ["+44 20 7946 0958", "+442079460958"],
])("%s is taken as %s", (written, expected) => {
  expect(toE164(written, "+15550100001")).toBe(expected);
});

test("a number without its country is read in the business's", () => {
  expect(toE164("020 7946 0958", "+442079460001")).toBe("+442079460958");
});

test.each(["", "call me", "12", "+1"])("%j is no phone number", (written) => {
  expect(toE164(written, "+15550100001")).toBeUndefined();
});
