import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type GoogleSimulator, startGoogleSimulator } from "../../index.ts";
import { CALENDAR, EVENT, EVENT_ID, googleClient, refusal } from "./client.ts";

describe("the Google simulator's events, through the real client", () => {
  let sim: GoogleSimulator;
  let events: ReturnType<typeof googleClient>["events"];
  const at = { calendarId: CALENDAR, eventId: EVENT_ID };
  const insert = (requestBody: object = EVENT) => events.insert({ calendarId: CALENDAR, requestBody });

  beforeEach(async () => {
    sim = await startGoogleSimulator({ calendars: [{ id: CALENDAR, timeZone: "America/New_York" }] });
    events = googleClient(sim.url).events;
  });
  afterEach(() => sim.close());

  test("inserts under the client's id and gets it back", async () => {
    const { data } = await events.insert({ calendarId: CALENDAR, sendUpdates: "all", requestBody: EVENT });
    expect(data).toMatchObject({ ...EVENT, kind: "calendar#event", status: "confirmed", sequence: 0 });
    expect((await events.get(at)).data).toEqual(data);
    expect(sim.ledger.event(CALENDAR, EVENT_ID)).toMatchObject({
      status: "confirmed",
      startAt: Date.parse(EVENT.start.dateTime),
      privateProperties: { bookingId: "b-1", tenant: "t-1" },
      lastChangedBy: "api",
    });
    expect(sim.ledger.writes()).toMatchObject([
      { action: "insert", eventId: EVENT_ID, sendUpdates: "all", startAt: Date.parse(EVENT.start.dateTime) },
    ]);
  });

  test("makes an id where the client gives none", async () => {
    const { id: _id, ...withoutId } = EVENT;
    expect((await insert(withoutId)).data.id).toMatch(/^[a-v0-9]{5,1024}$/);
  });

  test.each([
    ["an id with a letter after v", { ...EVENT, id: "wxyz1" }, "invalid"],
    ["an id of four characters", { ...EVENT, id: "abcd" }, "invalid"],
    ["no end", { ...EVENT, end: undefined }, "required"],
    ["a time without offset or zone", { ...EVENT, start: { dateTime: "2026-03-09T14:00:00" } }, "required"],
    ["an end before the start", { ...EVENT, end: { dateTime: "2026-03-09T13:00:00-04:00" } }, "timeRangeEmpty"],
  ])("refuses %s", async (_title, body, reason) => {
    await expect(insert(body)).rejects.toMatchObject(refusal(400, reason));
    expect(sim.ledger.events()).toEqual([]);
  });

  test("answers 409 for an id that is taken, also by a cancelled event", async () => {
    await insert();
    await expect(insert()).rejects.toMatchObject({
      status: 409,
      response: {
        data: {
          error: {
            code: 409,
            message: "The requested identifier already exists.",
            errors: [{ domain: "global", reason: "duplicate", message: "The requested identifier already exists." }],
          },
        },
      },
    });
    await events.delete(at);
    await expect(insert()).rejects.toMatchObject(refusal(409, "duplicate"));
  });

  test("keeps a deleted event as cancelled, refuses to delete it twice, and revives it by update", async () => {
    await insert();
    expect((await events.delete({ ...at, sendUpdates: "none" })).status).toBe(204);
    expect((await events.get(at)).data).toMatchObject({ id: EVENT_ID, status: "cancelled", summary: "Whitening" });
    await expect(events.delete(at)).rejects.toMatchObject(refusal(410, "deleted"));
    expect((await events.update({ ...at, requestBody: EVENT })).data.status).toBe("confirmed");
    expect(sim.ledger.event(CALENDAR, EVENT_ID)?.status).toBe("confirmed");
  });

  test("answers 404 for an unknown event and an undeclared calendar", async () => {
    await expect(events.get(at)).rejects.toMatchObject(refusal(404, "notFound"));
    await expect(events.delete(at)).rejects.toMatchObject(refusal(404, "notFound"));
    const elsewhere = events.insert({ calendarId: "other@group.calendar.google.com", requestBody: EVENT });
    await expect(elsewhere).rejects.toMatchObject(refusal(404, "notFound"));
  });

  test("patch merges, and update replaces", async () => {
    await insert();
    const moved = {
      start: { dateTime: "2026-03-10T09:00:00-04:00" },
      end: { dateTime: "2026-03-10T10:00:00-04:00" },
      extendedProperties: { private: { moved: "yes" } },
    };
    const patched = (await events.patch({ ...at, requestBody: moved })).data;
    expect(patched).toMatchObject({
      ...moved,
      summary: "Whitening",
      extendedProperties: { private: { bookingId: "b-1", tenant: "t-1", moved: "yes" } },
      sequence: 1,
    });
    const updated = (await events.update({ ...at, requestBody: moved })).data;
    expect(updated.summary).toBeUndefined();
    expect(updated.extendedProperties).toEqual({ private: { moved: "yes" } });
  });

  test("a write with an old ETag is a 412 and changes nothing", async () => {
    const etag = (await insert()).data.etag ?? "";
    const patch = (summary: string) =>
      events.patch({ ...at, requestBody: { summary } }, { headers: { "If-Match": etag } });
    await patch("first");
    await expect(patch("second")).rejects.toMatchObject(refusal(412, "conditionNotMet"));
    expect(sim.ledger.event(CALENDAR, EVENT_ID)?.summary).toBe("first");
  });

  test("shows times in the calendar's zone across daylight saving, and in the zone asked for", async () => {
    await insert({ ...EVENT, start: { dateTime: "2026-03-08T06:30:00Z" }, end: { dateTime: "2026-03-08T07:30:00Z" } });
    expect((await events.get(at)).data).toMatchObject({
      start: { dateTime: "2026-03-08T01:30:00-05:00", timeZone: "America/New_York" },
      end: { dateTime: "2026-03-08T03:30:00-04:00" },
    });
    expect((await events.get({ ...at, timeZone: "UTC" })).data.start?.dateTime).toBe("2026-03-08T06:30:00Z");
  });

  test("moves an event to another calendar under its id", async () => {
    const destination = "second@group.calendar.google.com";
    sim.declareCalendar({ id: destination });
    await insert();
    expect((await events.move({ ...at, destination })).data).toMatchObject({ organizer: { email: destination } });
    expect((await events.get(at)).data.status).toBe("cancelled");
    expect((await events.get({ calendarId: destination, eventId: EVENT_ID })).data).toMatchObject({
      status: "confirmed",
      extendedProperties: EVENT.extendedProperties,
    });
    await expect(events.move({ ...at, destination })).rejects.toMatchObject({ status: 400 });
  });

  test("invited people have not answered at first, and may be shown in part", async () => {
    const attendees = [{ email: "a@example.com" }, { email: "b@example.com", responseStatus: "accepted" }];
    expect((await insert({ ...EVENT, attendees })).data.attendees).toEqual([
      { email: "a@example.com", responseStatus: "needsAction" },
      { email: "b@example.com", responseStatus: "accepted" },
    ]);
    expect((await events.get({ ...at, maxAttendees: 1 })).data).toMatchObject({
      attendees: [{ email: "a@example.com" }],
      attendeesOmitted: true,
    });
    await expect(insert({ ...EVENT, id: "other1", attendees: [{}] })).rejects.toMatchObject(refusal(400, "required"));
  });

  test("a patch from hours to whole days has to clear the hours", async () => {
    await insert();
    const days = { start: { date: "2026-03-09" }, end: { date: "2026-03-10" } };
    await expect(events.patch({ ...at, requestBody: days })).rejects.toMatchObject(refusal(400, "invalid"));
    const cleared = { start: { ...days.start, dateTime: null }, end: { ...days.end, dateTime: null } };
    expect((await events.patch({ ...at, requestBody: cleared })).data).toMatchObject(days);
  });
});
