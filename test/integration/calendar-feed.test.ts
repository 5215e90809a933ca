import { randomUUID } from "node:crypto";
import { createAdminApi } from "@bookproof/launcher/client";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import ICAL from "ical.js";
import { adminCall } from "../support/admin-call.ts";
import { adminToken, type InProcessWorld, startInProcessWorld } from "../support/in-process-world.ts";
import { reachSummary } from "../support/journeys.ts";
import { runOperatorCommand } from "../support/operator-command.ts";
import { clinic, clinicId, clinicPhone, googleCalendar, plumber, plumberId } from "../support/tenants.ts";

const nobodyHere = { error: "There is no calendar at this link." };
const dayMs = 24 * 60 * 60_000;

let world: InProcessWorld;
let clinicToken: string;
beforeAll(async () => {
  const tenant = clinic();
  const atGoogle = googleCalendar("cal-google", "Room", "room@group.calendar.google.com");
  world = await startInProcessWorld({
    tenants: [{ ...tenant, calendars: [...tenant.calendars, atGoogle] }, plumber()],
  });
  const api = createAdminApi(world.gatewayUrl, adminToken);
  clinicToken = await api.createToken({ role: "tenant_admin", tenantId: clinicId });
}, 60_000);
afterAll(() => world.close());

const ask = (method: string, path: string, options: { token?: string; body?: unknown } = {}) =>
  adminCall(world, method, path, { token: clinicToken, ...options });
const feeds = "/api/calendars/feeds";
async function newLink(calendarId = "cal-smith"): Promise<string> {
  const { status, body } = await ask("POST", feeds, { body: { calendarId, replace: true } });
  expect(status).toBe(201);
  return String(body.url);
}
async function eventsOf(url: string) {
  const response = await fetch(url);
  expect(response.status).toBe(200);
  const calendar = new ICAL.Component(ICAL.parse(await response.text()));
  return calendar.getAllSubcomponents("vevent").map((component) => new ICAL.Event(component));
}
const insert = (summary: string, daysAhead: number) => {
  const from = new Date(Math.floor(Date.now() / dayMs) * dayMs + daysAhead * dayMs);
  return world.calendar.insertEvent({
    tenantId: clinicId,
    calendarId: "cal-smith",
    eventId: `e${randomUUID().replaceAll("-", "")}`,
    appointmentId: randomUUID(),
    range: { from, to: new Date(from.getTime() + 1_800_000) },
    summary,
    description: summary,
    location: summary,
    notAfter: new Date(Date.now() + 60_000),
    cid: randomUUID(),
  });
};

describe("the link of a calendar", () => {
  test("shows what was booked by text, as another library reads it", async () => {
    const jane = "+15551230001";
    await reachSummary(world, jane, clinicPhone, "book me tomorrow morning");
    expect(await world.ask(jane, clinicPhone, "CONFIRM")).toMatch(/all set/);
    const { rows } = await world.database.query(
      "SELECT scheduled_at, duration_minutes, calendar_event_id FROM booking.appointments WHERE tenant_id = $1",
      [clinicId],
    );
    const [appointment] = rows;
    const [event] = await eventsOf(await newLink());
    expect(event).toMatchObject({
      uid: `${appointment.calendar_event_id}@bookproof`,
      summary: "Consultation: Jane Roe",
      description: `Booked with Smile Dental by ${jane}`,
    });
    expect(event?.startDate.toJSDate()).toEqual(appointment.scheduled_at);
    expect(event?.duration.toSeconds()).toBe(appointment.duration_minutes * 60);
  });

  test("shows a text that would be lines of its own as that text, and nothing besides", async () => {
    const evil = "Eve, \\; 👩‍👩‍👧\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:free\u2028X:1";
    const url = await newLink();
    const before = (await eventsOf(url)).length;
    await insert(evil, 90);
    const after = await eventsOf(url);
    expect(after).toHaveLength(before + 1);
    const read = evil.replace(/\r\n|\u2028/g, "\n");
    expect(after.at(-1)).toMatchObject({ summary: read, description: read, location: read });
  });

  test("is answered as a calendar that nobody else may keep, and not again while it is the same", async () => {
    const url = await newLink();
    const first = await fetch(url);
    expect(Object.fromEntries(first.headers)).toMatchObject({
      "content-type": "text/calendar; charset=utf-8",
      "cache-control": "private, no-cache",
      etag: expect.stringMatching(/^"[\w-]{43}"$/),
    });
    const etag = first.headers.get("etag") ?? "";
    const again = (ifNoneMatch: string, method = "GET") =>
      fetch(url, { method, headers: { "if-none-match": ifNoneMatch } });
    for (const same of [etag, `W/${etag}`, `"other", ${etag}`, "*"]) {
      const answer = await again(same);
      expect([same, answer.status, await answer.text()]).toEqual([same, 304, ""]);
      expect(answer.headers.get("etag")).toBe(etag);
    }
    expect((await again('"other"')).status).toBe(200);
    expect([(await again('"other"', "HEAD")).status, (await again(etag, "HEAD")).status]).toEqual([200, 304]);
    await insert("Another", 91);
    const changed = await again(etag);
    expect([changed.status, changed.headers.get("etag") === etag]).toEqual([200, false]);
  });

  test("is unguessable, kept as a hash, and begins with the public address", async () => {
    const url = await newLink();
    expect(url.slice(world.gatewayUrl.length)).toMatch(/^\/api\/calendars\/[\w-]{43}\.ics$/);
    expect(await newLink()).not.toBe(url);
    const secret = /([\w-]{43})\.ics$/.exec(await newLink())?.[1] ?? "";
    const { rows } = await world.database.query("SELECT * FROM calendar.feeds");
    expect(JSON.stringify(rows)).not.toContain(secret);
    expect(rows[0].token_sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  test("that never was, was replaced or was revoked is 404 with the same sentence", async () => {
    const replaced = await newLink();
    const revoked = await newLink();
    const revoke = () => ask("DELETE", `${feeds}?calendarId=cal-smith`);
    expect(await revoke()).toEqual({ status: 200, body: { revoked: true } });
    expect(await revoke()).toEqual({ status: 200, body: { revoked: false } });
    const other = (token: string) => `${world.gatewayUrl}/api/calendars/${token}.ics`;
    const unknown = ["A".repeat(43), "x", "-", "'%20OR%20''='", "%F0%9F%98%80", "x".repeat(90)].map(other);
    for (const url of [replaced, revoked, ...unknown]) {
      const response = await fetch(url);
      expect([url, response.status, await response.json()]).toEqual([url, 404, nobodyHere]);
      expect(response.headers.get("etag")).toBeNull();
    }
  });

  test("is 503 while the calendar service is away, so that subscribers keep what they have", async () => {
    const url = await newLink();
    await world.stop("calendar");
    try {
      expect((await fetch(url)).status).toBe(503);
    } finally {
      await world.start("calendar");
    }
    expect((await fetch(url)).status).toBe(200);
  }, 60_000);
});

describe("making and ending links over the admin API", () => {
  test("a second link is refused until it is asked to replace the first", async () => {
    await newLink();
    expect(await ask("POST", feeds, { body: { calendarId: "cal-smith" } })).toEqual({
      status: 409,
      body: { error: "This calendar has a link, which cannot be shown again: replace it (--new) or revoke it." },
    });
  });

  test("another tenant's calendar is 404, whoever names it", async () => {
    const url = await newLink();
    const noTenant = { status: 404, body: { error: "No such tenant." } };
    const noCalendar = { status: 404, body: { error: "No such calendar." } };
    const named = { tenantId: plumberId, calendarId: "cal-van", replace: true };
    expect(await ask("POST", feeds, { body: named })).toEqual(noTenant);
    expect(await ask("DELETE", `${feeds}?tenantId=${plumberId}&calendarId=cal-van`)).toEqual(noTenant);
    expect(await ask("POST", feeds, { body: { calendarId: "cal-van" } })).toEqual(noCalendar);
    const crossed = { tenantId: plumberId, calendarId: "cal-smith", replace: true };
    expect(await ask("POST", feeds, { token: adminToken, body: crossed })).toEqual(noCalendar);
    const ending = `${feeds}?tenantId=${plumberId}&calendarId=cal-smith`;
    expect(await ask("DELETE", ending, { token: adminToken })).toEqual(noCalendar);
    expect((await fetch(url)).status).toBe(200);
  });

  test("a calendar at Google is refused with what to do instead", async () => {
    const { status, body } = await ask("POST", feeds, { body: { calendarId: "cal-google" } });
    expect([status, body.error]).toEqual([409, expect.stringContaining('"Secret address in iCal format"')]);
  });

  test.each<[unknown, string]>([
    [{}, "calendarId: is missing."],
    [{ calendarId: 7 }, "calendarId: must be a text, given once."],
    [{ calendarId: "cal-smith", replace: "yes" }, "replace: must be true or false."],
    [{ calendarId: "cal-smith", tenantId: "me" }, "tenantId: must be a UUID."],
    [[], "request: must be a JSON object."],
    ["{", "The body is not valid JSON."],
  ])("%j is refused with 400 and one sentence", async (body, error) => {
    expect(await ask("POST", feeds, { body })).toEqual({ status: 400, body: { error } });
  });

  test("a platform owner names the tenant", async () => {
    expect(await ask("POST", feeds, { token: adminToken, body: { calendarId: "cal-smith" } })).toEqual({
      status: 400,
      body: { error: "tenantId: is missing." },
    });
  });
});

describe("`bookproof calendar feed`", () => {
  const feed = (...args: string[]) =>
    runOperatorCommand(world.gatewayUrl, [
      "calendar",
      "feed",
      "--tenant",
      clinicId,
      "--calendar",
      "cal-smith",
      ...args,
    ]);

  test("prints a new link alone, says that it cannot print it again, replaces and revokes it", async () => {
    await ask("DELETE", `${feeds}?calendarId=cal-smith`);
    const first = await feed();
    expect(first).toMatchObject({ code: 0, stderr: "", stdout: expect.stringMatching(/^http:\S+\.ics\n$/) });
    expect((await fetch(first.stdout.trim())).status).toBe(200);
    expect(await feed()).toEqual({
      code: 1,
      stdout: "",
      stderr: "This calendar has a link, which cannot be shown again: replace it (--new) or revoke it.\n",
    });
    const second = await feed("--new");
    expect([(await fetch(first.stdout.trim())).status, (await fetch(second.stdout.trim())).status]).toEqual([404, 200]);
    expect(await feed("--revoke")).toEqual({ code: 0, stdout: "revoked\n", stderr: "" });
    expect((await fetch(second.stdout.trim())).status).toBe(404);
    expect((await feed("--revoke")).stdout).toBe("this calendar had no link\n");
    expect(await feed("--revoke", "--new")).toMatchObject({ code: 1, stderr: "Either --new or --revoke, not both.\n" });
  }, 60_000);
});
