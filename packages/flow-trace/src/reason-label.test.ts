import { expect, test } from "@jest/globals";
import { reasonLabel } from "./reason-label.ts";

test.each([
  "calendar_failed_after_confirm",
  "slot_taken",
  "turn answered",
  "find_openings: called",
  "verify_otp: failed",
  "handed over: human_requested",
  "no-answer",
])("keeps the known reason %s", (reason) => {
  expect(reasonLabel(reason)).toBe(reason);
});

test.each([
  "customer-ended-call",
  "call.in-progress.error-providerfault-transport-never-connected",
  "4ddcb286-d6c6-4ea8-8e81-35376c0ca763",
  "+15551230001",
  "toString",
  "my_tool: called",
  "find_openings: called for +15551230001",
  "handed over: because I said so",
  "Book me tomorrow morning",
])("makes %s one of 'other'", (reason) => {
  expect(reasonLabel(reason)).toBe("other");
});

test("gives no label where there is no reason", () => {
  expect(reasonLabel(undefined)).toBeUndefined();
  expect(reasonLabel("")).toBeUndefined();
});
