import { createHash, randomBytes } from "node:crypto";
import { auth, calendar } from "@googleapis/calendar";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type GoogleSimulator, startGoogleSimulator } from "../../index.ts";

const SCOPE = "https://www.googleapis.com/auth/calendar";
const ACCOUNT = "dr-smith@example.com";
const redirectUri = "https://book.example.com/connect/google";
const verifier = randomBytes(32).toString("base64url");
const challenge = createHash("sha256").update(verifier).digest("base64url");
const asked = {
  client_id: "client",
  redirect_uri: redirectUri,
  response_type: "code",
  scope: SCOPE,
  state: "state-1",
  access_type: "offline",
  prompt: "consent",
  code_challenge: challenge,
  code_challenge_method: "S256",
};
const exchanged = {
  grant_type: "authorization_code",
  client_id: "client",
  client_secret: "secret",
  redirect_uri: redirectUri,
  code_verifier: verifier,
};

describe("consent at the Google simulator", () => {
  let sim: GoogleSimulator;
  let clock = 0;
  beforeEach(async () => {
    clock = Date.now();
    sim = await startGoogleSimulator({
      oauthClients: [{ id: "client", secret: "secret", redirectUris: [redirectUri] }],
      consent: { account: ACCOUNT },
      refreshTokenLifetimeSeconds: 604_799,
      now: () => clock,
    });
  });
  afterEach(() => sim.close());

  const authorize = (change: Record<string, string | undefined> = {}, init: RequestInit = {}): Promise<Response> => {
    const kept = Object.entries({ ...asked, ...change }).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    );
    return fetch(`${sim.url}/o/oauth2/v2/auth?${new URLSearchParams(kept)}`, { redirect: "manual", ...init });
  };
  const sentBack = async (change?: Record<string, string | undefined>, init?: RequestInit): Promise<URL> => {
    const answer = await authorize(change, init);
    expect(answer.status).toBe(302);
    return new URL(answer.headers.get("location") ?? "");
  };
  const codeOf = async (change?: Record<string, string | undefined>): Promise<string> =>
    (await sentBack(change)).searchParams.get("code") ?? "";
  const post = (path: string, form: Record<string, string>): Promise<Response> =>
    fetch(`${sim.url}${path}`, { method: "POST", body: new URLSearchParams(form) });
  const exchange = async (form: Record<string, string>): Promise<unknown> =>
    (await post("/token", { ...exchanged, ...form })).json();

  test("an owner who allows it comes back with a code, which the real client makes a calendar of", async () => {
    const back = await sentBack();
    expect(back.href).toMatch(redirectUri);
    expect(Object.fromEntries(back.searchParams)).toEqual({ state: "state-1", code: expect.any(String), scope: SCOPE });
    const oauth = new auth.OAuth2({
      ...{ clientId: "client", clientSecret: "secret", redirectUri },
      endpoints: { oauth2TokenUrl: `${sim.url}/token` },
    });
    const code = back.searchParams.get("code") ?? "";
    const { tokens } = await oauth.getToken({ code, codeVerifier: verifier });
    expect(tokens).toMatchObject({ refresh_token: expect.any(String), scope: SCOPE, token_type: "Bearer" });
    oauth.setCredentials({ refresh_token: tokens.refresh_token ?? "" });
    const { data } = await calendar({ version: "v3", auth: oauth, rootUrl: `${sim.url}/` }).calendars.get({
      calendarId: "dr-smith@group.calendar.google.com",
    });
    expect(data.id).toBe("dr-smith@group.calendar.google.com");
  });

  test("an owner who refuses comes back with access_denied and the state", async () => {
    sim.setConsent({ answer: "deny" });
    expect((await sentBack()).search).toBe("?state=state-1&error=access_denied");
  });

  test("a consent page that asks is answered by its buttons", async () => {
    sim.setConsent({ answer: "ask", account: ACCOUNT });
    const page = await authorize();
    expect(page.headers.get("content-type")).toMatch("text/html");
    expect(await page.text()).toMatch(ACCOUNT);
    const press = (answer: string) => sentBack({}, { method: "POST", body: new URLSearchParams({ answer }) });
    expect((await press("deny")).searchParams.get("error")).toBe("access_denied");
    expect((await press("allow")).searchParams.get("code")).toMatch(/^4\//);
  });

  test.each([
    ["an address that is not registered", { redirect_uri: "https://evil.example.com/" }, 400, "redirect_uri_mismatch"],
    ["an unknown application", { client_id: "other" }, 401, "invalid_client"],
    ["a token in the address", { response_type: "token" }, 400, "unsupported_response_type"],
    ["no scope", { scope: undefined }, 400, "Missing required parameter: scope"],
  ])("sends nobody back for %s", async (_title, change, status, says) => {
    const answer = await authorize(change);
    expect(answer.status).toBe(status);
    expect(await answer.text()).toMatch(says);
  });

  test.each([
    ["another verifier", { code_verifier: "x".repeat(43) }, "invalid_grant"],
    ["another address", { redirect_uri: "https://book.example.com/other" }, "redirect_uri_mismatch"],
    ["another secret", { client_secret: "wrong" }, "invalid_client"],
    ["an unknown code", { code: "4/unknown" }, "invalid_grant"],
  ])("gives no tokens for %s", async (_title, change, error) => {
    expect(await exchange({ code: await codeOf(), ...change })).toMatchObject({ error });
  });

  test("a code is good once, and for ten minutes", async () => {
    const code = await codeOf();
    expect(await exchange({ code })).toMatchObject({ refresh_token: expect.any(String) });
    expect(await exchange({ code })).toMatchObject({ error: "invalid_grant" });
    const late = await codeOf();
    clock += 10 * 60_000;
    expect(await exchange({ code: late })).toMatchObject({ error: "invalid_grant" });
  });

  test("a refresh token comes with the first offline consent, and again only with prompt=consent", async () => {
    const refreshTokenOf = async (change: Record<string, string | undefined>): Promise<unknown> =>
      Reflect.get(Object(await exchange({ code: await codeOf(change) })), "refresh_token");
    expect(await refreshTokenOf({ access_type: undefined })).toBeUndefined();
    expect(await refreshTokenOf({ prompt: undefined })).toEqual(expect.any(String));
    expect(await refreshTokenOf({ prompt: undefined })).toBeUndefined();
    expect(await refreshTokenOf({})).toEqual(expect.any(String));
  });

  test("scopes that the owner did not tick are not granted", async () => {
    const events = `${SCOPE}.events`;
    sim.setConsent({ scopes: [events] });
    const code = await codeOf({ scope: `${events} ${SCOPE}.freebusy` });
    expect(await exchange({ code })).toMatchObject({ scope: events });
  });

  test("a revoked grant and one whose seven days are over are an invalid_grant; a new consent heals it", async () => {
    const connect = async (): Promise<string> =>
      String(Reflect.get(Object(await exchange({ code: await codeOf() })), "refresh_token"));
    const refresh = (token: string) => exchange({ grant_type: "refresh_token", refresh_token: token });
    const [revoked, removed] = [await connect(), await connect()];
    expect((await post("/revoke", { token: revoked })).status).toBe(200);
    expect(await (await post("/revoke", { token: revoked })).json()).toMatchObject({ error: "invalid_token" });
    expect(await refresh(revoked)).toMatchObject({ error: "invalid_grant" });
    expect(await refresh(removed)).toMatchObject({ access_token: expect.any(String) });
    sim.revokeGrant(ACCOUNT);
    expect(await refresh(removed)).toMatchObject({ error: "invalid_grant" });
    const again = await connect();
    expect(await refresh(again)).toMatchObject({ access_token: expect.any(String) });
    expect(await refresh(removed)).toMatchObject({ error: "invalid_grant" });
    clock += 604_799_000;
    expect(await refresh(again)).toMatchObject({ error: "invalid_grant" });
  });
});
