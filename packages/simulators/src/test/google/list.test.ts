import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type GoogleSimulator, startGoogleSimulator } from "../../index.ts";
import { CALENDAR, googleClient, refusal } from "./client.ts";

describe("the Google simulator's event list and free/busy", () => {
  let sim: GoogleSimulator;
  let client: ReturnType<typeof googleClient>;
  const calendarId = CALENDAR;

  beforeEach(async () => {
    sim = await startGoogleSimulator({ calendars: [CALENDAR, "empty@group.calendar.google.com"] });
    client = googleClient(sim.url);
  });
  afterEach(() => sim.close());

  const insert = (id: string, hour: number, more: object = {}) =>
    client.events.insert({
      calendarId,
      requestBody: {
        id,
        start: { dateTime: `2026-03-09T${String(hour).padStart(2, "0")}:00:00Z` },
        end: { dateTime: `2026-03-09T${String(hour + 1).padStart(2, "0")}:00:00Z` },
        ...more,
      },
    });
  const ids = async (query: object): Promise<(string | null | undefined)[]> =>
    ((await client.events.list({ calendarId, ...query })).data.items ?? []).map(({ id }) => id);

  test("filters by time with exclusive bounds and orders by start", async () => {
    await insert("event3", 12);
    await insert("event1", 9);
    await insert("event2", 10);
    const query = { singleEvents: true, orderBy: "startTime" };
    expect(await ids(query)).toEqual(["event1", "event2", "event3"]);
    const window = { timeMin: "2026-03-09T10:00:00Z", timeMax: "2026-03-09T12:00:00Z" };
    expect(await ids({ ...query, ...window })).toEqual(["event2"]);
    await expect(ids({ orderBy: "startTime" })).rejects.toMatchObject(refusal(400, "badRequest"));
  });

  test("finds by private properties, all of which must match", async () => {
    await insert("event1", 9, { extendedProperties: { private: { bookingId: "b-1", tenant: "t-1" } } });
    await insert("event2", 10, { extendedProperties: { private: { bookingId: "b-2", tenant: "t-1" } } });
    expect(await ids({ privateExtendedProperty: ["tenant=t-1"] })).toEqual(["event1", "event2"]);
    expect(await ids({ privateExtendedProperty: ["tenant=t-1", "bookingId=b-2"] })).toEqual(["event2"]);
    expect(await ids({ privateExtendedProperty: ["bookingId=b-9"] })).toEqual([]);
  });

  test("hides deleted events unless they are asked for", async () => {
    await insert("event1", 9);
    await client.events.delete({ calendarId, eventId: "event1" });
    expect(await ids({})).toEqual([]);
    expect(await ids({ showDeleted: true })).toEqual(["event1"]);
  });

  test("pages, then syncs what changed since, deletions included", async () => {
    for (const hour of [9, 10, 11]) await insert(`event${hour}`, hour);
    const first = (await client.events.list({ calendarId, maxResults: 2 })).data;
    expect(first.items).toHaveLength(2);
    expect(first.nextSyncToken).toBeUndefined();
    const pageToken = first.nextPageToken ?? "";
    const second = (await client.events.list({ calendarId, maxResults: 2, pageToken })).data;
    expect(second.items?.map(({ id }) => id)).toEqual(["event11"]);

    const syncToken = second.nextSyncToken ?? "";
    expect(await ids({ syncToken })).toEqual([]);
    await client.events.delete({ calendarId, eventId: "event9" });
    sim.changeByHand({
      action: "move",
      calendarId,
      eventId: "event10",
      start: { dateTime: "2026-03-09T15:00:00Z" },
      end: { dateTime: "2026-03-09T16:00:00Z" },
    });
    const changed = (await client.events.list({ calendarId, syncToken })).data.items ?? [];
    expect(changed.map(({ id, status }) => [id, status])).toEqual([
      ["event9", "cancelled"],
      ["event10", "confirmed"],
    ]);
  });

  test("an incremental list tells of a deleted event only that it is gone, a full one all of it", async () => {
    const marks = { extendedProperties: { private: { bookingId: "b-1" } } };
    await insert("event1", 9, marks);
    const syncToken = (await client.events.list({ calendarId })).data.nextSyncToken ?? "";
    await client.events.delete({ calendarId, eventId: "event1" });
    const bare = (await client.events.list({ calendarId, syncToken })).data.items;
    const etag = expect.any(String);
    expect(bare).toEqual([{ kind: "calendar#event", etag, id: "event1", status: "cancelled" }]);
    const full = (await client.events.list({ calendarId, syncToken, showDeleted: true })).data.items;
    expect(full).toMatchObject([{ id: "event1", status: "cancelled", ...marks }]);
  });

  test("a page begins where the one before ended, whatever changed in between", async () => {
    for (const hour of [9, 10, 11, 12]) await insert(`event${hour}`, hour);
    const { nextPageToken: pageToken = "" } = (await client.events.list({ calendarId, maxResults: 2 })).data;
    await client.events.delete({ calendarId, eventId: "event9" });
    expect(await ids({ maxResults: 2, pageToken })).toEqual(["event11", "event12"]);
  });

  test("lists what was changed since, deletions included, unless that is too long ago", async () => {
    await insert("event1", 9);
    await insert("event2", 10);
    await client.events.delete({ calendarId, eventId: "event2" });
    const ago = (ms: number) => ({ updatedMin: new Date(Date.now() - ms).toISOString() });
    expect(await ids(ago(60_000))).toEqual(["event1", "event2"]);
    expect(await ids(ago(-60_000))).toEqual([]);
    await expect(ids(ago(60 * 24 * 3600_000))).rejects.toMatchObject(refusal(410, "updatedMinTooLongAgo"));
  });

  test("a stale sync token is a 410, and a restricted one a 400", async () => {
    const syncToken = (await client.events.list({ calendarId })).data.nextSyncToken ?? "";
    const restricted = ids({ syncToken, timeMin: "2026-03-09T10:00:00Z" });
    await expect(restricted).rejects.toMatchObject(refusal(400, "badRequest"));
    await expect(ids({ syncToken: "nonsense" })).rejects.toMatchObject(refusal(400, "invalid"));
    sim.expireSyncTokens(calendarId);
    await expect(ids({ syncToken })).rejects.toMatchObject(refusal(410, "fullSyncRequired"));
  });

  const range = { timeMin: "2026-03-09T08:00:00Z", timeMax: "2026-03-09T18:00:00Z" };
  const busy = async (items: string[]) =>
    (await client.freebusy.query({ requestBody: { ...range, items: items.map((id) => ({ id })) } })).data.calendars;

  test("free/busy joins touching events, and leaves out cancelled and transparent ones", async () => {
    await insert("event1", 9);
    await insert("event2", 10);
    await insert("event3", 12, { transparency: "transparent" });
    await insert("event4", 14);
    await client.events.delete({ calendarId, eventId: "event4" });
    await insert("event5", 17, { end: { dateTime: "2026-03-09T20:00:00Z" } });
    expect(await busy([CALENDAR, "empty@group.calendar.google.com"])).toEqual({
      [CALENDAR]: {
        busy: [
          { start: "2026-03-09T09:00:00Z", end: "2026-03-09T11:00:00Z" },
          { start: "2026-03-09T17:00:00Z", end: "2026-03-09T18:00:00Z" },
        ],
      },
      "empty@group.calendar.google.com": { busy: [] },
    });
  });

  test("free/busy names what it cannot read", async () => {
    sim.declareCalendar({ id: CALENDAR, freeBusyError: "internalError" });
    sim.declareCalendar({ id: "hidden@group.calendar.google.com", sharedWith: ["refresh-other"] });
    expect(await busy([CALENDAR, "unknown@x.com", "hidden@group.calendar.google.com"])).toMatchObject({
      [CALENDAR]: { errors: [{ domain: "global", reason: "internalError" }] },
      "unknown@x.com": { errors: [{ domain: "global", reason: "notFound" }] },
      "hidden@group.calendar.google.com": { errors: [{ domain: "global", reason: "notFound" }] },
    });
    const many = await busy(Array.from({ length: 51 }, (_, index) => `c${index}@x.com`));
    expect(many?.["c0@x.com"]?.errors).toMatchObject([{ reason: "tooManyCalendarsRequested" }]);
  });

  test("free/busy refuses a range of more than ninety days and an unknown zone", async () => {
    const query = (change: object) => client.freebusy.query({ requestBody: { ...range, items: [], ...change } });
    await expect(query({ timeMax: "2026-07-01T00:00:00Z" })).rejects.toMatchObject(refusal(400, "timeRangeTooLong"));
    await expect(query({ timeZone: "Mars/Olympus" })).rejects.toMatchObject(refusal(400, "invalid"));
    await expect(query({ timeMin: undefined })).rejects.toMatchObject(refusal(400, "required"));
  });

  test("free/busy refuses an empty range", async () => {
    const query = client.freebusy.query({ requestBody: { ...range, timeMax: range.timeMin, items: [] } });
    await expect(query).rejects.toMatchObject(refusal(400, "timeRangeEmpty"));
  });
});
