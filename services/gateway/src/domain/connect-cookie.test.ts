import { expect, test } from "@jest/globals";
import { connectCookie, readConnectCookie } from "./connect-cookie.ts";

const sent = { state: "state-1", browserToken: "token-1", lifetimeSeconds: 600 };
const cookieOf = (state: string, browserToken: string) =>
  connectCookie({ ...sent, state, browserToken }, "http://localhost:8080/api/google/callback").split(";")[0] ?? "";

test("it goes nowhere but to the way back, by https alone where that is https", () => {
  expect(connectCookie(sent, "https://book.example.com/front/api/google/callback")).toMatch(
    /^bookproof_connect_[\da-f]{16}=token-1; Path=\/front\/api\/google\/callback; Max-Age=600; HttpOnly; SameSite=Lax; Secure$/,
  );
  expect(connectCookie(sent, "http://localhost:8080/api/google/callback")).not.toContain("Secure");
});

test("each sign-in's is found among all that a browser brings", () => {
  const header = `theme=dark; ${cookieOf("a", "of-a")}; ${cookieOf("b", "of-b")};x=${cookieOf("c", "of-c")}`;
  expect(["a", "b", "c", ""].map((state) => readConnectCookie(header, state))).toEqual(["of-a", "of-b", "", ""]);
  expect(readConnectCookie(undefined, "a")).toBe("");
});
