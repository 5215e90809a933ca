import { expect, test } from "@jest/globals";
import { emailOfIdToken } from "./id-token.ts";

const tokenOf = (claims: unknown) => `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.signature`;

test("the account's address is read", () => {
  expect(emailOfIdToken(tokenOf({ sub: "1", email: "smith@example.com", email_verified: true }))).toBe(
    "smith@example.com",
  );
});

test.each([undefined, "", "a.b.c", "e30", tokenOf({}), tokenOf([]), tokenOf(null), tokenOf({ email: "nobody" })])(
  "%j has no address",
  (idToken) => {
    expect(emailOfIdToken(idToken)).toBe("");
  },
);
