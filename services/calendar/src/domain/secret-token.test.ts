import { expect, test } from "@jest/globals";
import { codeChallengeOf, newSecretToken, sha256 } from "./secret-token.ts";

test("a verifier's challenge is that of RFC 7636, appendix B", () => {
  expect(codeChallengeOf("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")).toBe(
    "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
  );
});

test("a token has 256 bits in characters that URLs, cookies and verifiers may have, and is another each time", () => {
  const tokens = Array.from({ length: 100 }, newSecretToken);
  for (const token of tokens) expect(token).toMatch(/^[\w-]{43}$/);
  expect(new Set(tokens).size).toBe(100);
});

test("a hash is SHA-256 in hex", () => {
  expect(sha256("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
});
