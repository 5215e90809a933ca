import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { compileBodySchemas } from "../../google/discovery/body-schemas.ts";
import { readDescription } from "../../google/discovery/description.ts";
import { type GoogleSimulator, startGoogleSimulator } from "../../index.ts";
import { CALENDAR, EVENT, EVENT_ID } from "./client.ts";

describe("the Google simulator keeps to Google's own description", () => {
  let sim: GoogleSimulator;
  beforeEach(async () => {
    sim = await startGoogleSimulator({ accessTokens: ["fixed"] });
  });
  afterEach(() => sim.close());

  const ask = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const answer = await fetch(`${sim.url}/calendar/v3/${path}`, {
      method,
      headers: {
        authorization: "Bearer fixed",
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, body: text === "" ? undefined : JSON.parse(text), headers: answer.headers };
  };
  const events = `calendars/${CALENDAR}/events`;

  test.each([
    ["GET", `${events}?maxresults=3`, undefined, "badRequest", undefined],
    ["GET", `${events}?maxResults=0`, undefined, "invalidParameter", "maxResults"],
    ["GET", `${events}?maxResults=many`, undefined, "invalidParameter", "maxResults"],
    ["GET", `${events}?singleEvents=yes`, undefined, "invalidParameter", "singleEvents"],
    ["GET", `${events}?orderBy=size`, undefined, "invalidParameter", "orderBy"],
    ["GET", `${events}?timeMin=yesterday`, undefined, "badRequest", "timeMin"],
    ["GET", `${events}?fields=items/colour`, undefined, "invalidParameter", "fields"],
    ["POST", `${events}?sendUpdates=some`, EVENT, "invalidParameter", "sendUpdates"],
    ["POST", `${events}/${EVENT_ID}/move`, undefined, "required", "destination"],
    ["POST", events, { ...EVENT, status: "maybe" }, "invalid", undefined],
    ["POST", events, { ...EVENT, summary: 7 }, "invalid", undefined],
    ["POST", events, { ...EVENT, attendees: [{ email: ["a"] }] }, "invalid", undefined],
    ["POST", events, { ...EVENT, extendedProperties: { private: { count: 1 } } }, "invalid", undefined],
    ["POST", events, "{", "parseError", undefined],
    ["POST", "freeBusy", { timeMin: "2026-03-09T00:00:00Z" }, "required", "timeMax"],
  ])("refuses %s %s with %j", async (method, path, body, reason, location) => {
    const refused = await ask(method, path, body);
    expect(refused).toMatchObject({ status: 400, body: { error: { code: 400, errors: [{ reason }] } } });
    expect(refused.body.error.errors[0].location).toBe(location);
    expect(sim.ledger.writes()).toEqual([]);
  });

  test("a page is never larger than 2,500, whatever is asked for", async () => {
    expect((await ask("GET", `${events}?maxResults=9999&prettyPrint=false&alt=json`)).status).toBe(200);
  });

  test("fields that Google does not know are ignored, and null is as good as absent", async () => {
    const { status, body } = await ask("POST", events, { ...EVENT, colour: "red", location: null, attendees: null });
    expect(status).toBe(200);
    expect(body).not.toHaveProperty("colour");
    expect(body).not.toHaveProperty("location");
  });

  test("an answer can be had in part", async () => {
    await ask("POST", events, EVENT);
    const { body } = await ask("GET", `${events}?fields=kind,items(id,start/dateTime)`);
    expect(body).toEqual({
      kind: "calendar#events",
      items: [{ id: EVENT_ID, start: { dateTime: "2026-03-09T18:00:00Z" } }],
    });
  });

  test("an answer that the client has already is a 304", async () => {
    const { body } = await ask("POST", events, EVENT);
    const again = await ask("GET", `${events}/${EVENT_ID}`, undefined, { "if-none-match": body.etag });
    expect(again).toMatchObject({ status: 304, body: undefined });
    expect(again.headers.get("etag")).toBe(body.etag);
  });

  test("an id of 1,024 characters is found", async () => {
    const id = "a".repeat(1024);
    await ask("POST", events, { ...EVENT, id });
    expect((await ask("GET", `${events}/${id}`)).body.id).toBe(id);
  });

  test("a token without the scope of a method is refused", async () => {
    const scope = "https://www.googleapis.com/auth/calendar.freebusy";
    const query = { client_id: "c", redirect_uri: "https://x.test/", response_type: "code", scope };
    const sent = await fetch(`${sim.url}/o/oauth2/v2/auth?${new URLSearchParams(query)}`, { redirect: "manual" });
    const code = new URL(sent.headers.get("location") ?? "").searchParams.get("code") ?? "";
    const form = { grant_type: "authorization_code", code, client_id: "c", redirect_uri: query.redirect_uri };
    const token = await (await fetch(`${sim.url}/token`, { method: "POST", body: new URLSearchParams(form) })).json();
    const authorization = `Bearer ${Reflect.get(Object(token), "access_token")}`;
    const range = { timeMin: "2026-03-09T00:00:00Z", timeMax: "2026-03-10T00:00:00Z" };
    expect((await ask("POST", "freeBusy", range, { authorization })).status).toBe(200);
    expect(await ask("GET", events, undefined, { authorization })).toMatchObject({
      status: 403,
      body: { error: { errors: [{ reason: "insufficientPermissions" }] } },
    });
  });

  test("an answer that breaks the description would not leave the simulator", () => {
    const description = readDescription();
    const { checkAnswer } = compileBodySchemas(description);
    const get = description.methods["events.get"];
    if (get === undefined) throw new Error("events.get is not described");
    expect(() => checkAnswer(get, { id: EVENT_ID, start: { dateTime: "2026-03-09T14:00:00-04:00" } })).not.toThrow();
    for (const wrong of [
      { colour: "red" },
      { status: "maybe" },
      { start: { dateTime: "9 o'clock" } },
      { sequence: "1" },
    ]) {
      expect(() => checkAnswer(get, wrong)).toThrow("calendar.events.get breaks Google's description");
    }
  });
});
