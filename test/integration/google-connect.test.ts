import { execFile } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { join } from "node:path";
import { createSecretBox } from "@bookproof/postgres";
import type { CalendarSpec, GoogleCalendar } from "@bookproof/proto/calendar";
import type { CalendarDeclaration } from "@bookproof/simulators";
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { openBrowser, type Page } from "../support/browser.ts";
import { adminToken, type InProcessWorld, startInProcessWorld } from "../support/in-process-world.ts";
import { clinic, clinicId, googleCalendar, plumber, plumberId } from "../support/tenants.ts";

jest.setTimeout(60_000);

const root = join(import.meta.dirname, "../..");
const scope = "https://www.googleapis.com/auth/";
/** As the world has it. */
const secrets = createSecretBox([Buffer.alloc(32, 7).toString("base64")]);

let world: InProcessWorld;
let clinicAdmin: string;
let plumberAdmin: string;
/** The calendar's id at Google; one a test. */
let atGoogle: string;

beforeAll(async () => {
  world = await startInProcessWorld({ tenants: [clinic(), plumber()] });
  clinicAdmin = await createToken(clinicId);
  plumberAdmin = await createToken(plumberId);
}, 60_000);
afterAll(() => world?.close());
beforeEach(async () => {
  world.google.faults.clear();
  world.google.setConsent({ account: "smith@example.com" });
  atGoogle = `${randomUUID()}@group.calendar.google.com`;
  // A built-in calendar keeps no credential of the test before.
  await world.applyTenant(clinic());
  await applyWith(undefined);
});

/** The clinic with Dr. Smith's calendar at Google, and what its tenant file says of a credential. */
const smithWith = (credential: GoogleCalendar["credential"], displayName = "Dr. Smith"): CalendarSpec => ({
  ...googleCalendar("cal-smith", displayName, atGoogle),
  kind: { $case: "google", value: { calendarId: atGoogle, credential } },
});
const applyWith = (credential: GoogleCalendar["credential"], displayName?: string) =>
  world.applyTenant(clinic(smithWith(credential, displayName)));
const fromFile = (value: string) => ({ $case: "refreshToken", value }) as const;

async function post(path: string, body: unknown, token = adminToken) {
  const response = await fetch(`${world.gatewayUrl}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, string> };
}

async function createToken(tenantId: string): Promise<string> {
  return (await post("/api/admin/tokens", { role: "tenant_admin", tenantId })).body.token ?? "";
}

async function createLink(): Promise<string> {
  const made = await post("/api/google/connect-links", { calendar: "cal-smith" }, clinicAdmin);
  expect(made.status).toBe(201);
  return made.body.url ?? "";
}

/** Goes from our side to Google's consent page and up to the way back, which is not gone yet. */
async function signIn(browser = openBrowser(), link?: string): Promise<URL> {
  return browser.follow(await browser.follow(link ?? (await createLink())));
}

async function connect(): Promise<Page> {
  const browser = openBrowser();
  return browser.step(await signIn(browser));
}

const sentenceOf = ({ text }: Page) => /<p>(.*)<\/p>/.exec(text)?.[1];
const refusal = (page: Page) => [page.status, sentenceOf(page)];

async function row(): Promise<Record<string, string>> {
  const { rows } = await world.database.query(
    "SELECT * FROM calendar.calendars WHERE tenant_id = $1 AND id = 'cal-smith'",
    [clinicId],
  );
  return rows[0];
}

/** What the API says of Dr. Smith's calendar. */
async function connection(): Promise<Record<string, unknown>> {
  const answer = await world.get("/api/calendars", clinicAdmin);
  expect(answer.status).toBe(200);
  return ((await answer.json()) as { calendars: Record<string, unknown>[] }).calendars[0] ?? {};
}

/** Why the calendar offers nothing; "" where it does. */
async function unreadable(): Promise<string | undefined> {
  const range = { from: new Date("2027-03-08T00:00:00Z"), to: new Date("2027-03-10T00:00:00Z") };
  const asked = { tenantId: clinicId, calendarIds: ["cal-smith"], range };
  const [calendar] = (await world.calendar.getAvailability(asked)).calendars;
  expect(calendar?.windows.length === 0).toBe(calendar?.unreadableReason !== "");
  return calendar?.unreadableReason;
}

async function expectNothingStored(): Promise<void> {
  expect(await row()).toMatchObject({ google_credential_sealed: "", google_credential_source: "file" });
  expect(await unreadable()).toBe("calendar_not_connected");
}

describe("connecting a calendar at Google", () => {
  test("a calendar without a credential offers nothing, and says how it is connected", async () => {
    expect(await unreadable()).toBe("calendar_not_connected");
    expect(await connection()).toEqual({
      id: "cal-smith",
      displayName: "Dr. Smith",
      kind: "google",
      state: "not_connected",
      reason: "calendar_not_connected",
      accountEmail: null,
      connectedAt: null,
      whatToDo: expect.stringContaining(`calendar connect --tenant ${clinicId} --calendar cal-smith`),
    });
  });

  test("by a link: there, consent, and back, in one browser; then it takes bookings", async () => {
    const browser = openBrowser();
    const link = await createLink();
    const there = await browser.step(link);
    expect(there.status).toBe(302);
    expect(there.headers.get("cache-control")).toBe("no-store");
    expect(there.headers.get("set-cookie")).toMatch(
      /^bookproof_connect_[\da-f]{16}=[\w-]{43}; Path=\/api\/google\/callback; Max-Age=600; HttpOnly; SameSite=Lax$/,
    );
    const consent = new URL(there.headers.get("location") ?? "");
    expect(`${consent.origin}${consent.pathname}`).toBe(`${world.google.url}/o/oauth2/v2/auth`);
    expect(Object.fromEntries(consent.searchParams)).toEqual({
      client_id: "client",
      redirect_uri: `${world.gatewayUrl}/api/google/callback`,
      response_type: "code",
      scope: `openid email ${scope}calendar.events ${scope}calendar.events.freebusy`,
      access_type: "offline",
      prompt: "consent",
      state: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: "S256",
    });
    const page = await browser.step(await browser.follow(consent));
    expect(page.status).toBe(200);
    expect(page.text).toContain("<h1>Dr. Smith is connected</h1>");
    expect(sentenceOf(page)).toContain("the Google calendar of smith@example.com.");
    expect(page.text).not.toContain("<script");
    expect(page.headers.get("content-security-policy")).toBe(
      "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    expect(page.headers.get("cache-control")).toBe("no-store");
    expect(page.headers.get("referrer-policy")).toBe("no-referrer");
    expect(browser.cookies()).toEqual([]);

    expect(await unreadable()).toBe("");
    expect(await connection()).toMatchObject({ state: "connected", reason: "", whatToDo: "" });
    expect(await connection()).toMatchObject({
      accountEmail: "smith@example.com",
      connectedAt: expect.stringMatching(/^\d{4}-.*Z$/),
    });
    expect(refusal(await browser.step(link))).toEqual([
      404,
      "This link does not work any more, since it is a day old or the calendar is connected: ask for a new one.",
    ]);
  });

  test("nothing that opens anything is kept in the clear", async () => {
    const browser = openBrowser();
    const link = await createLink();
    const back = await signIn(browser, link);
    const [cookie] = browser.cookies();
    const tables = await Promise.all(
      ["calendars", "connect_links", "connect_attempts"].map(
        async (table) => (await world.database.query(`SELECT * FROM calendar.${table}`)).rows,
      ),
    );
    expect(tables.flat().length).toBeGreaterThan(3);
    const kept = JSON.stringify(tables);
    const state = back.searchParams.get("state") ?? "";
    for (const secret of [new URL(link).searchParams.get("link"), state, cookie?.value])
      expect([secret?.length, kept.includes(secret ?? "")]).toEqual([43, false]);
    expect(kept).toContain(createHash("sha256").update(state).digest("hex"));

    await browser.step(back);
    const { google_credential_sealed: sealed = "" } = await row();
    expect(sealed).toMatch(/^v1\./);
    expect(secrets.open(sealed)).toMatch(/^1\/\//);
  });

  test("by an admin's token, of the own tenant without naming it, or of the one a platform owner names", async () => {
    for (const [token, query] of [
      [clinicAdmin, "calendar=cal-smith"],
      [adminToken, `calendar=cal-smith&tenantId=${clinicId.toUpperCase()}`],
    ] as const) {
      const browser = openBrowser();
      const headers = { authorization: `Bearer ${token}` };
      const consent = await browser.follow(`${world.gatewayUrl}/api/google/connect?${query}`, headers);
      expect((await browser.step(await browser.follow(consent))).status).toBe(200);
    }
  });

  test("two sign-ins side by side in one browser both end well, and the first to end ends the links", async () => {
    const browser = openBrowser();
    const [first, second] = [await createLink(), await createLink()];
    const back = await signIn(browser, first);
    expect((await browser.step(await signIn(browser, second))).status).toBe(200);
    // What was begun before is over with the connection: nobody connects another account afterwards by an old link.
    expect((await browser.step(back)).status).toBe(400);
    expect((await browser.step(first)).status).toBe(404);
  });

  test("a name is shown as it is written, whatever is in it", async () => {
    await applyWith(undefined, 'Dr. <script>alert("1")</script>');
    const page = await connect();
    expect(page.text).toContain("Dr. &#60;script&#62;alert(&#34;1&#34;)&#60;/script&#62; is connected");
  });
});

describe("nothing is stored, and a page says what to do,", () => {
  test("when the browser comes back a second time", async () => {
    const browser = openBrowser();
    const back = await signIn(browser);
    const [cookie] = browser.cookies();
    expect((await browser.step(back)).status).toBe(200);
    const before = await row();
    const again = await openBrowser().step(back, { cookie: `${cookie?.name}=${cookie?.value}` });
    expect(refusal(again)).toEqual([
      400,
      "This sign-in has ended already: open the link again if the calendar is not connected.",
    ]);
    expect(await row()).toEqual(before);
  });

  test("when two come back at once: one of them is too late", async () => {
    const browser = openBrowser();
    const back = await signIn(browser);
    const pages = await Promise.all([browser.step(back), browser.step(back)]);
    expect(pages.map(({ status }) => status).sort()).toEqual([200, 400]);
  });

  test("when another browser comes back, with no cookie or with one of its own; the first may go on", async () => {
    const browser = openBrowser();
    const back = await signIn(browser);
    const other = openBrowser();
    const [name] = browser.cookies().map((cookie) => cookie.name);
    await signIn(other);
    const [foreign] = other.cookies();
    for (const cookie of ["", `${name}=`, `${name}=${foreign?.value}`])
      expect(refusal(await openBrowser().step(back, { cookie }))).toEqual([
        400,
        "This sign-in was begun in another browser: open the link again, and stay in one browser.",
      ]);
    await expectNothingStored();
    expect((await browser.step(back)).status).toBe(200);
  });

  test("when it took longer than ten minutes, or the link is a day old", async () => {
    const browser = openBrowser();
    const link = await createLink();
    const back = await signIn(browser, link);
    await world.database.query("UPDATE calendar.connect_attempts SET expires_at = now()");
    expect(refusal(await browser.step(back))).toEqual([
      400,
      "This sign-in took longer than ten minutes: open the link again.",
    ]);
    await world.database.query("UPDATE calendar.connect_links SET expires_at = now()");
    expect((await browser.step(link)).status).toBe(404);
    await expectNothingStored();
  });

  test("when access is denied; the link still opens", async () => {
    world.google.setConsent({ answer: "deny" });
    const browser = openBrowser();
    const link = await createLink();
    expect(refusal(await browser.step(await signIn(browser, link)))).toEqual([
      403,
      "Access was not granted at Google, and nothing was changed: open the link again, and choose to allow it.",
    ]);
    await expectNothingStored();
    world.google.setConsent({ answer: "allow" });
    expect((await browser.step(await signIn(browser, link))).status).toBe(200);
  });

  test("when another verifier comes with the code than it was asked for with", async () => {
    const browser = openBrowser();
    const back = await signIn(browser);
    await world.database.query("UPDATE calendar.connect_attempts SET code_verifier_sealed = $1", [
      secrets.seal("another-verifier-of-forty-three-characters-"),
    ]);
    expect(refusal(await browser.step(back))).toEqual([
      409,
      "Google did not accept this sign-in, which may have taken too long: open the link again.",
    ]);
    await expectNothingStored();
  });

  test("when a box at Google was left empty", async () => {
    world.google.setConsent({ scopes: ["openid", "email", `${scope}calendar.events`] });
    expect(refusal(await connect())).toEqual([
      409,
      "Not everything that is needed was allowed: open the link again, and tick every box on Google&#39;s page.",
    ]);
    await expectNothingStored();
  });

  test.each<[string, Partial<CalendarDeclaration>]>([
    ["cannot open the calendar", { sharedWith: ["somebody@example.com"] }],
    ["may only look at the calendar", { accessRole: "reader" }],
    ["cannot open the calendar", { accessRole: "freeBusyReader" }],
  ])("when the account %s: %j", async (says, settings) => {
    world.google.declareCalendar({ id: atGoogle, ...settings });
    const page = await connect();
    expect(page.status).toBe(409);
    expect(sentenceOf(page)).toContain(`This Google account ${says}: sign in with the account that owns it`);
    await expectNothingStored();
  });

  test.each([
    ["/token", 503, "internal_failure", 503, "Google did not answer"],
    ["/token", 429, "rate_limit_exceeded", 503, "Google did not answer"],
    ["/token", 401, "invalid_client", 409, "GOOGLE_OAUTH_CLIENT_SECRET"],
    ["/token", 400, "invalid_grant", 409, "Google did not accept"],
    ["/events", 500, "backendError", 503, "Google did not answer"],
    ["/events", 403, "accessNotConfigured", 409, "cannot open the calendar"],
  ])("when Google answers at %s with %i %s: %i, %s", async (path, fails, code, status, says) => {
    const browser = openBrowser();
    const back = await signIn(browser);
    world.google.faults.add({ kind: "fail-before", match: { path }, status: fails, code });
    const page = await browser.step(back);
    expect([page.status, sentenceOf(page)]).toEqual([status, expect.stringContaining(says)]);
    world.google.faults.clear();
    await expectNothingStored();
  });

  test("when the calendar is none at Google any more", async () => {
    const browser = openBrowser();
    const back = await signIn(browser);
    await world.applyTenant(clinic());
    expect((await browser.step(back)).status).toBe(409);
    expect(await row()).toMatchObject({ kind: "builtin", google_credential_sealed: "" });
  });

  test.each([
    ["connect", 401],
    ["connect?tenantId=x&calendar=y", 401],
    ["connect?link=nobody's", 404],
    ["connect?link=a&link=b", 401],
    ["callback", 400],
    ["callback?state=", 400],
    ["callback?state=nobody's&code=x", 400],
    ["callback?state=a&state=b&code=x", 400],
    [`callback?state=${"x".repeat(501)}`, 400],
    ["callback?error=access_denied&state=nobody's", 400],
  ])("when the address is %s: %i", async (path, status) => {
    const page = await openBrowser().step(`${world.gatewayUrl}/api/google/${path}`);
    expect([page.status, page.headers.get("content-type")]).toEqual([status, "text/html; charset=utf-8"]);
    expect(sentenceOf(page)).toMatch(/^[A-Z].*\.$/);
    expect(page.text).not.toMatch(/nobody&| {4}at /);
  });
});

describe("whose calendar it is", () => {
  test("another tenant's admin finds none of it: 404", async () => {
    const headers = { authorization: `Bearer ${plumberAdmin}` };
    const page = await openBrowser().step(
      `${world.gatewayUrl}/api/google/connect?tenantId=${clinicId}&calendar=cal-smith`,
      headers,
    );
    expect(refusal(page)).toEqual([404, "No such tenant."]);
    const own = await openBrowser().step(`${world.gatewayUrl}/api/google/connect?calendar=cal-smith`, headers);
    expect(refusal(own)).toEqual([404, "No such calendar."]);
    expect((await world.get(`/api/calendars?tenantId=${clinicId}`, plumberAdmin)).status).toBe(404);
    const link = { tenantId: clinicId, calendar: "cal-smith" };
    expect(await post("/api/google/connect-links", link, plumberAdmin)).toEqual({
      status: 404,
      body: { error: "No such tenant." },
    });
    const { rows } = await world.database.query("SELECT 1 FROM calendar.connect_links WHERE tenant_id = $1", [
      plumberId,
    ]);
    expect(rows).toEqual([]);
  });

  test.each([
    [{ calendar: "cal-smith" }, 400, "tenantId: is missing."],
    [{ tenantId: "me", calendar: "cal-smith" }, 400, "tenantId: must be a UUID."],
    [{ tenantId: clinicId }, 400, "calendar: is missing."],
    [[], 400, "request: must be a JSON object."],
    [{ tenantId: clinicId, calendar: "cal-nobody" }, 404, "No such calendar."],
    [{ tenantId: plumberId, calendar: "cal-van" }, 409, expect.stringContaining("kept by Bookproof itself")],
  ])("a link for %j is refused with %i", async (body, status, error) => {
    expect(await post("/api/google/connect-links", body)).toEqual({ status, body: { error } });
  });

  test("a platform owner lists a tenant's calendars by naming it", async () => {
    const answer = await world.get(`/api/calendars?tenantId=${plumberId}`);
    expect(await answer.json()).toMatchObject({
      tenant: { id: plumberId, name: "Harbor Plumbing" },
      calendars: [{ id: "cal-van", kind: "builtin", state: "connected", reason: "" }],
    });
    expect((await world.get("/api/calendars")).status).toBe(400);
    expect((await world.get(`/api/calendars?tenantId=${randomUUID()}`)).status).toBe(404);
    expect((await world.get("/api/calendars", "bp_wrong")).status).toBe(401);
  });
});

describe("a connected calendar", () => {
  test("stays connected when the tenant file is applied again, in which it has no credential", async () => {
    await connect();
    const before = await row();
    await applyWith(undefined);
    expect(await row()).toEqual(before);
    await applyWith(undefined, "Dr. Anna Smith");
    expect(await row()).toEqual({ ...before, display_name: "Dr. Anna Smith", updated_at: expect.anything() });
    await world.applyTenant(plumber());
    expect(await unreadable()).toBe("");
  });

  test("keeps its connection against the file's credential that it replaced, and gives way to a new one", async () => {
    await applyWith(fromFile("refresh-of-last-year"));
    world.google.revokeGrant("refresh-of-last-year");
    expect(await unreadable()).toBe("calendar_disconnected");
    await connect();
    await applyWith(fromFile("refresh-of-last-year"));
    expect(await unreadable()).toBe("");
    expect(await row()).toMatchObject({ google_credential_source: "oauth" });

    await applyWith(fromFile("refresh-of-this-year"));
    expect(await row()).toMatchObject({ google_credential_source: "file", google_account_email: "" });
    expect(secrets.open((await row()).google_credential_sealed ?? "")).toBe("refresh-of-this-year");
  });

  test("is not connected any more when the file's credential is taken out of it", async () => {
    await applyWith(fromFile("refresh-of-the-file"));
    expect(await connection()).toMatchObject({ state: "connected" });
    await applyWith(undefined);
    await expectNothingStored();
  });

  test("is disconnected when Google takes the grant back, and connected again by a link", async () => {
    await connect();
    expect(await unreadable()).toBe("");
    world.google.revokeGrant("smith@example.com");
    expect(await unreadable()).toBe("calendar_disconnected");
    expect(await connection()).toMatchObject({
      state: "disconnected",
      reason: "invalid_grant",
      whatToDo: expect.stringMatching(/^Connect it again: open the link that `npm run bookproof -- calendar connect /),
    });
    // Applying the file does not heal it.
    await applyWith(undefined);
    expect(await unreadable()).toBe("calendar_disconnected");

    const { path } = await world.calendar.createConnectLink({ tenantId: clinicId, calendarId: "cal-smith" });
    const browser = openBrowser();
    const page = await browser.step(await signIn(browser, `${world.gatewayUrl}${path}`));
    expect(page.status).toBe(200);
    expect(await unreadable()).toBe("");
    expect(await connection()).toMatchObject({ state: "connected", reason: "", whatToDo: "" });
  });
});

describe("the operator's command", () => {
  const bookproof = (...args: string[]) =>
    new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
      const env = { PUBLIC_URL: world.gatewayUrl, BOOTSTRAP_ADMIN_TOKEN: adminToken };
      execFile(process.execPath, ["cli/src/main.ts", ...args], { cwd: root, env }, (error, stdout, stderr) =>
        resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
      );
    });

  test("prints a link that connects, alone on the last line, and how each calendar is connected", async () => {
    const made = await bookproof("calendar", "connect", "--tenant", clinicId, "--calendar", "cal-smith");
    expect({ code: made.code, stderr: made.stderr }).toEqual({ code: 0, stderr: "" });
    const link = made.stdout.trimEnd().split("\n").at(-1);
    const before = await bookproof("calendar", "list", "--tenant", clinicId);
    expect(before.stdout).toMatch(/cal-smith +Dr\. Smith +google +not connected\n +Do: Connect it: /);
    const browser = openBrowser();
    expect((await browser.step(await signIn(browser, link))).status).toBe(200);
    const after = await bookproof("calendar", "list", "--tenant", clinicId);
    expect(after.stdout).toMatch(/cal-smith +Dr\. Smith +google +connected +smith@example\.com +20\d\d-/);
    expect(after.stdout).not.toContain("Do:");
  });

  test("says in one line what it cannot do", async () => {
    const unknown = await bookproof("calendar", "connect", "--tenant", clinicId, "--calendar", "cal-nobody");
    expect(unknown).toEqual({ code: 1, stdout: "", stderr: "No such calendar.\n" });
  });
});
