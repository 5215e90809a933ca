import { expect, test } from "@jest/globals";
import { readConfig } from "./config.ts";

const env = { DATABASE_URL: "postgres://localhost/bookproof", SECRETS_KEY: Buffer.alloc(32).toString("base64") };

test.each([
  [undefined, "https://accounts.google.com/o/oauth2/v2/auth"],
  ["https://oauth2.googleapis.com/", "https://accounts.google.com/o/oauth2/v2/auth"],
  ["http://127.0.0.1:9000", "http://127.0.0.1:9000/o/oauth2/v2/auth"],
])("with GOOGLE_OAUTH_BASE_URL %s people are asked for consent at %s", (base, url) => {
  expect(readConfig({ ...env, GOOGLE_OAUTH_BASE_URL: base }).google.oauthConsentUrl).toBe(url);
});
