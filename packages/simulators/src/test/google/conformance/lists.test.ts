import type { calendar_v3 } from "@googleapis/calendar";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { dayOf, eventually, freshId, idOf, openTarget, refusal, type Target, timesOf } from "./target.ts";

describe("conformance: lists and free/busy of the Calendar API", () => {
  let target: Target;
  beforeAll(async () => {
    target = await openTarget();
  });
  afterAll(() => target.close());

  type Query = Omit<calendar_v3.Params$Resource$Events$List, "calendarId">;
  const list = async (query: Query) => (await target.api.events.list({ calendarId: target.calendarId, ...query })).data;
  const ids = async (query: Query) => ((await list(query)).items ?? []).map(idOf);
  const within = (day: string, from = 0, to = 23) => ({
    timeMin: `${day}T${String(from).padStart(2, "0")}:00:00Z`,
    timeMax: `${day}T${String(to).padStart(2, "0")}:00:00Z`,
  });
  const busy = async (day: string, items = [target.calendarId]) => {
    const requestBody = { ...within(day), items: items.map((id) => ({ id })) };
    return (await target.api.freebusy.query({ requestBody })).data.calendars ?? {};
  };
  /** The busy hours of a day, once they are these: an index may lag. */
  const eventuallyBusy = (day: string, expected: [number, number][]) =>
    eventually(async () => {
      const spans = (await busy(day))[target.calendarId]?.busy ?? [];
      const hours = spans.map(({ start, end }) => [
        new Date(start ?? "").getUTCHours(),
        new Date(end ?? "").getUTCHours(),
      ]);
      return JSON.stringify(hours) === JSON.stringify(expected) ? hours : undefined;
    });

  test("events are found by a private property, all of which must match", async () => {
    const appointment = freshId();
    const marked = (tenant: string) => ({ extendedProperties: { private: { appointment, tenant } } });
    const first = idOf(await target.insert({ day: dayOf(20), hour: 9, ...marked("t-1") }));
    await target.insert({ day: dayOf(20), hour: 10, ...marked("t-2") });
    const privateExtendedProperty = [`appointment=${appointment}`, "tenant=t-1"];
    const found = await eventually(async () => {
      const some = await ids({ privateExtendedProperty });
      return some.length > 0 ? some : undefined;
    });
    expect(found).toEqual([first]);
  });

  test("a window leaves out what ends at its start or starts at its end, in the order asked for", async () => {
    const day = dayOf(21);
    const [late, early] = [await target.insert({ day, hour: 11 }), await target.insert({ day, hour: 10 })];
    await target.insert({ day, hour: 9 });
    await target.insert({ day, hour: 12 });
    const query = { ...within(day, 10, 12), singleEvents: true, orderBy: "startTime" };
    expect(await ids(query)).toEqual([early, late].map(idOf));
    await expect(ids({ orderBy: "startTime" })).rejects.toMatchObject(refusal(400, "badRequest"));
  });

  test("deleted events show only where they are asked for", async () => {
    const day = dayOf(22);
    const eventId = idOf(await target.insert({ day, hour: 9 }));
    await target.api.events.delete({ calendarId: target.calendarId, eventId });
    expect(await ids(within(day))).toEqual([]);
    expect((await list({ ...within(day), showDeleted: true })).items).toMatchObject([
      { id: eventId, status: "cancelled" },
    ]);
  });

  test("pages end with the one sync token, from which changes and deletions are told", async () => {
    const day = dayOf(23);
    const events = [];
    for (const hour of [9, 10, 11]) events.push(idOf(await target.insert({ day, hour })));
    let page = await list({ maxResults: 2 });
    expect(page).toMatchObject({ nextPageToken: expect.any(String) });
    while (page.nextPageToken) {
      expect(page.nextSyncToken).toBeUndefined();
      page = await list({ maxResults: 2, pageToken: page.nextPageToken });
    }
    const syncToken = page.nextSyncToken ?? "";
    expect(await ids({ syncToken })).toEqual([]);

    const { calendarId } = target;
    const [deleted = "", moved = ""] = events;
    await target.api.events.delete({ calendarId, eventId: deleted });
    await target.api.events.patch({ calendarId, eventId: moved, requestBody: timesOf(day, 15) });
    const changes = await eventually(async () => {
      const { items = [] } = await list({ syncToken });
      return items.length < 2 ? undefined : items;
    });
    expect(new Map(changes.map(({ id, status }) => [id, status]))).toEqual(
      new Map([
        [deleted, "cancelled"],
        [moved, "confirmed"],
      ]),
    );
    const restricted = list({ syncToken, timeMin: `${day}T00:00:00Z` });
    await expect(restricted).rejects.toMatchObject(refusal(400, "badRequest"));
  });

  test("a sync token that is none is refused, so that a full sync follows", async () => {
    const refused = await list({ syncToken: "no-such-token" }).catch((error: unknown) =>
      Reflect.get(Object(error), "status"),
    );
    expect([400, 410]).toContain(refused);
  });

  test("free/busy joins what touches, and knows neither transparent nor deleted events", async () => {
    const day = dayOf(24);
    await target.insert({ day, hour: 9 });
    await target.insert({ day, hour: 10 });
    await target.insert({ day, hour: 12, transparency: "transparent" });
    const eventId = idOf(await target.insert({ day, hour: 14 }));
    await eventuallyBusy(day, [
      [9, 11],
      [14, 15],
    ]);
    await target.api.events.delete({ calendarId: target.calendarId, eventId });
    await eventuallyBusy(day, [[9, 11]]);
  });

  test("free/busy names a calendar that it cannot read, beside those it can", async () => {
    const unknown = `${freshId()}@example.com`;
    const answer = await busy(dayOf(25), [target.calendarId, unknown]);
    expect(answer[unknown]?.errors).toMatchObject([{ domain: "global", reason: "notFound" }]);
    expect(answer[target.calendarId]?.errors).toBeUndefined();
  });

  test("free/busy refuses an empty range", async () => {
    const requestBody = { timeMin: `${dayOf(26)}T10:00:00Z`, timeMax: `${dayOf(26)}T10:00:00Z`, items: [] };
    await expect(target.api.freebusy.query({ requestBody })).rejects.toMatchObject(refusal(400, "timeRangeEmpty"));
  });

  test("a recurring event is busy and listed once a time, and one of its times can be deleted", async () => {
    const [first, second, third] = [dayOf(30), dayOf(31), dayOf(32)];
    const series = await target.insert({ day: first, hour: 9, recurrence: ["RRULE:FREQ=DAILY;COUNT=3"] });
    const query = {
      timeMin: `${first}T00:00:00Z`,
      timeMax: `${third}T23:00:00Z`,
      singleEvents: true,
      orderBy: "startTime",
    };
    const instances = (await list(query)).items ?? [];
    expect(instances).toMatchObject([1, 2, 3].map(() => ({ recurringEventId: series.id, status: "confirmed" })));
    await eventuallyBusy(second, [[9, 10]]);
    await target.api.events.delete({ calendarId: target.calendarId, eventId: idOf(instances[1] ?? {}) });
    await eventuallyBusy(second, []);
    await eventuallyBusy(third, [[9, 10]]);
    expect(await ids(query)).toHaveLength(2);
  });

  test("an all-day event takes up its days", async () => {
    const [day, after] = [dayOf(35), dayOf(36)];
    const event = await target.insert({ day, hour: 0, start: { date: day }, end: { date: after } });
    expect(event).toMatchObject({ start: { date: day }, end: { date: after } });
    const spans = await eventually(async () => {
      const found = (await busy(day))[target.calendarId]?.busy ?? [];
      return found.length > 0 ? found : undefined;
    });
    expect(spans).toHaveLength(1);
  });
});
