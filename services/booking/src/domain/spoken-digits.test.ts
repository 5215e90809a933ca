import { expect, test } from "@jest/globals";
import { spokenDigits } from "./spoken-digits.ts";

test.each([
  ["1234", "1234"],
  ["1 2 3 4", "1234"],
  ["one two three four", "1234"],
  ["Nine, oh, 7 - five.", "9075"],
  ["It is 4-4-1-2, thanks", "4412"],
  ["", ""],
  ["it is for 1 2 3 4", "1234"],
  ["1 two 3 for", "1234"],
  ["I did not hear it", ""],
])("%j holds the digits %j", (said, digits) => {
  expect(spokenDigits(said)).toBe(digits);
});
