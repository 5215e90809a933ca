import { expect, test } from "@jest/globals";
import { redactPayload } from "./redact-payload.ts";

test("keeps of personal values whether they are set", () => {
  const payload = { customerName: "Jane Roe", address: "12 Main St", code: "1234", replyText: "", name: undefined };
  expect(redactPayload(payload)).toEqual({
    customerName: "set",
    address: "set",
    code: "set",
    replyText: "unset",
    name: "unset",
  });
});

test("keeps of phone numbers four digits, and nothing of what else stands in their place", () => {
  expect(redactPayload({ phone: "+15551230001", from: "Jane Roe", to: "jane@example.com" })).toEqual({
    phone: "***0001",
    from: "***",
    to: "***",
  });
});

test("finds phones and e-mail addresses in other values", () => {
  expect(
    redactPayload({ key: "reply:+15551230001", why: "no box jane@example.com", tool: "verify_otp", tries: 2 }),
  ).toEqual({ key: "reply:***0001", why: "no box ***", tool: "verify_otp", tries: 2 });
});
