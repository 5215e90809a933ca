import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type GoogleSimulator, startGoogleSimulator } from "../../index.ts";
import { CALENDAR, delegatedClient, EVENT, EVENT_ID, googleClient, refusal, serviceAccountClient } from "./client.ts";

const ROBOT = "robot@project.iam.gserviceaccount.com";
const at = { calendarId: CALENDAR, eventId: EVENT_ID };

describe("access to the Google simulator", () => {
  let sim: GoogleSimulator;
  let clock = 0;
  beforeEach(async () => {
    clock = Date.now();
    sim = await startGoogleSimulator({ accessTokens: ["fixed"], now: () => clock });
  });
  afterEach(() => sim.close());

  const get = (accessToken?: string) =>
    fetch(`${sim.url}/calendar/v3/calendars/${CALENDAR}/events`, {
      headers: accessToken === undefined ? {} : { authorization: `Bearer ${accessToken}` },
    });
  const issueToken = async (): Promise<string> => {
    const body = new URLSearchParams({ grant_type: "refresh_token", refresh_token: "r", client_id: "c" });
    const answer = await (await fetch(`${sim.url}/token`, { method: "POST", body })).json();
    expect(answer).toMatchObject({ token_type: "Bearer", expires_in: 3599, access_token: expect.any(String) });
    return String(Reflect.get(Object(answer), "access_token"));
  };

  test("a call without a good access token is a 401", async () => {
    expect((await get("fixed")).status).toBe(200);
    expect((await get()).status).toBe(401);
    const wrong = await get("wrong");
    expect(wrong.status).toBe(401);
    expect(await wrong.json()).toMatchObject({ error: { code: 401, errors: [{ reason: "authError" }] } });
  });

  test("an issued access token ends with its time", async () => {
    const token = await issueToken();
    expect((await get(token)).status).toBe(200);
    clock += 3600_000;
    expect((await get(token)).status).toBe(401);
  });

  test("the real client refreshes once when its access token was revoked", async () => {
    const { events } = googleClient(sim.url);
    await events.insert({ calendarId: CALENDAR, requestBody: EVENT });
    sim.expireAccessTokens();
    expect((await events.get(at)).data.id).toBe(EVENT_ID);
  });

  test("a revoked grant is an invalid_grant until it is restored", async () => {
    const { events } = googleClient(sim.url);
    await events.insert({ calendarId: CALENDAR, requestBody: EVENT });
    sim.revokeGrant("refresh-smith");
    await expect(googleClient(sim.url).events.get(at)).rejects.toMatchObject({
      status: 400,
      response: { data: { error: "invalid_grant", error_description: "Token has been expired or revoked." } },
    });
    await expect(googleClient(sim.url, "refresh-other").events.get(at)).resolves.toBeDefined();
    sim.restoreGrant("refresh-smith");
    await expect(googleClient(sim.url).events.get(at)).resolves.toBeDefined();
  });

  test("a service account gets in by its signed JWT, cannot invite, and can be revoked", async () => {
    const { events } = serviceAccountClient(sim.url, ROBOT);
    const attendees = [{ email: "customer@example.com" }];
    const inviting = events.insert({ calendarId: CALENDAR, requestBody: { ...EVENT, attendees } });
    await expect(inviting).rejects.toMatchObject(refusal(403, "forbiddenForServiceAccounts"));
    await expect(events.insert({ calendarId: CALENDAR, requestBody: EVENT })).resolves.toBeDefined();
    sim.revokeGrant(ROBOT);
    await expect(serviceAccountClient(sim.url, ROBOT).events.get(at)).rejects.toThrow(/invalid_grant/);
  });

  test("an unknown grant type and an expired assertion are refused", async () => {
    const post = async (form: Record<string, string>) =>
      (await fetch(`${sim.url}/token`, { method: "POST", body: new URLSearchParams(form) })).json();
    expect(await post({ grant_type: "password" })).toMatchObject({ error: "unsupported_grant_type" });
    const claims = Buffer.from(JSON.stringify({ iss: ROBOT, exp: 1 })).toString("base64url");
    const assertion = `e30.${claims}.x`;
    const type = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    expect(await post({ grant_type: type, assertion })).toMatchObject({ error: "invalid_grant" });
  });

  test("a calendar is seen only by those it is shared with, and written only by writers", async () => {
    sim.declareCalendar({ id: CALENDAR, sharedWith: ["refresh-smith"], accessRole: "reader" });
    await expect(googleClient(sim.url).events.list({ calendarId: CALENDAR })).resolves.toBeDefined();
    const write = googleClient(sim.url).events.insert({ calendarId: CALENDAR, requestBody: EVENT });
    await expect(write).rejects.toMatchObject(refusal(403, "requiredAccessLevel"));
    const other = googleClient(sim.url, "refresh-other").events.list({ calendarId: CALENDAR });
    await expect(other).rejects.toMatchObject(refusal(404, "notFound"));
    const listed = await googleClient(sim.url).calendarList.list();
    expect(listed.data.items).toMatchObject([{ id: CALENDAR, accessRole: "reader" }]);
  });

  test("the calendar list shows the account's own calendar as primary, and others from a role upwards", async () => {
    sim.declareCalendar({ id: "rooms@group.calendar.google.com", summary: "Rooms", accessRole: "reader" });
    sim.declareCalendar({ id: "hidden@group.calendar.google.com", accessRole: "none" });
    const { calendarList, events } = delegatedClient(sim.url, "dr-smith@example.com");
    const listed = async (query: object) => (await calendarList.list(query)).data.items;
    expect(await listed({})).toMatchObject([
      { id: "dr-smith@example.com", primary: true, accessRole: "owner" },
      { id: "rooms@group.calendar.google.com", summary: "Rooms", accessRole: "reader" },
    ]);
    expect(await listed({ minAccessRole: "writer" })).toHaveLength(1);
    const { data } = await calendarList.list({ maxResults: 1 });
    expect(await listed({ maxResults: 1, pageToken: data.nextPageToken })).toMatchObject([{ summary: "Rooms" }]);
    expect((await calendarList.get({ calendarId: "primary" })).data).toMatchObject({ primary: true });
    await events.insert({ calendarId: "primary", requestBody: EVENT });
    expect(sim.ledger.event("dr-smith@example.com", EVENT_ID)).toBeDefined();
  });
});
