import { generateKeyPairSync } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import { readServiceAccountKey } from "./google-credential.ts";

const privateKey = generateKeyPairSync("rsa", { modulusLength: 2048 })
  .privateKey.export({ type: "pkcs8", format: "pem" })
  .toString();
const keyFile = { type: "service_account", client_email: "robot@example.com", private_key: privateKey };

describe("a service account's key file", () => {
  test("gives the account and its key", () => {
    expect(readServiceAccountKey(JSON.stringify({ ...keyFile, private_key_id: "k1" }))).toEqual({
      kind: "service_account",
      email: "robot@example.com",
      privateKey,
      privateKeyId: "k1",
    });
  });

  test.each([
    ["no JSON", "robot"],
    ["another JSON", JSON.stringify({ installed: {} })],
    ["a file without its key", JSON.stringify({ ...keyFile, private_key: undefined })],
    ["a key that is none", JSON.stringify({ ...keyFile, private_key: "-----BEGIN PRIVATE KEY-----\nx" })],
  ])("is not %s", (_what, text) => {
    expect(readServiceAccountKey(text)).toBeUndefined();
  });
});
