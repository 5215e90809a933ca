import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type GoogleSimulator, startGoogleSimulator } from "../../index.ts";
import { CALENDAR, googleClient, refusal } from "./client.ts";

const calendarId = CALENDAR;
const zone = "America/New_York";
const SERIES = {
  id: "series1",
  summary: "Team meeting",
  start: { dateTime: "2026-03-06T09:00:00", timeZone: zone },
  end: { dateTime: "2026-03-06T10:00:00", timeZone: zone },
};

describe("recurring events at the Google simulator", () => {
  let sim: GoogleSimulator;
  let client: ReturnType<typeof googleClient>;
  beforeEach(async () => {
    sim = await startGoogleSimulator({ calendars: [{ id: CALENDAR, timeZone: zone }] });
    client = googleClient(sim.url);
  });
  afterEach(() => sim.close());

  const insert = (recurrence: string[], change: object = {}) =>
    client.events.insert({ calendarId, requestBody: { ...SERIES, ...change, recurrence } });
  const window = { timeMin: "2026-03-01T00:00:00Z", timeMax: "2026-04-01T00:00:00Z" };
  const instances = async (query: object = window) =>
    (await client.events.list({ calendarId, singleEvents: true, orderBy: "startTime", ...query })).data.items ?? [];
  const starts = async () => (await instances()).map(({ start }) => start?.dateTime ?? start?.date);

  test("keeps its local hour across daylight saving, under ids that carry the start", async () => {
    await insert(["RRULE:FREQ=DAILY;COUNT=4"]);
    expect(await starts()).toEqual([
      "2026-03-06T09:00:00-05:00",
      "2026-03-07T09:00:00-05:00",
      "2026-03-08T09:00:00-04:00",
      "2026-03-09T09:00:00-04:00",
    ]);
    const [first, , third] = await instances();
    expect(first).toMatchObject({ id: "series1_20260306T140000Z", recurringEventId: "series1" });
    expect(third).toMatchObject({ id: "series1_20260308T130000Z", iCalUID: "series1@google.com" });
    expect(third?.recurrence).toBeUndefined();
    expect((await client.events.get({ calendarId, eventId: third?.id ?? "" })).data).toEqual(third);
  });

  test.each([
    [
      "until the last moment, left out days",
      ["RRULE:FREQ=DAILY;UNTIL=20260309T130000Z", "EXDATE;TZID=America/New_York:20260307T090000"],
      [6, 8, 9],
    ],
    [
      "on days of the week, and one more",
      ["RRULE:FREQ=WEEKLY;BYDAY=FR,MO;COUNT=3", "RDATE:20260311T130000Z"],
      [6, 9, 11, 13],
    ],
  ])("follows its rule: %s", async (_title, recurrence, days) => {
    await insert(recurrence);
    expect((await starts()).map((start) => Number(start?.slice(8, 10)))).toEqual(days);
  });

  test("a whole-day series is busy on its days, without end", async () => {
    await insert(["RRULE:FREQ=WEEKLY"], { start: { date: "2026-03-06" }, end: { date: "2026-03-07" } });
    expect(await starts()).toEqual(["2026-03-06", "2026-03-13", "2026-03-20", "2026-03-27"]);
    const range = { timeMin: "2027-03-01T00:00:00Z", timeMax: "2027-03-08T00:00:00Z" };
    const { data } = await client.freebusy.query({ requestBody: { ...range, items: [{ id: CALENDAR }] } });
    expect(data.calendars?.[CALENDAR]?.busy).toEqual([{ start: "2027-03-05T05:00:00Z", end: "2027-03-06T05:00:00Z" }]);
  });

  test("one instance can be moved and another deleted, and the series goes as a whole", async () => {
    await insert(["RRULE:FREQ=DAILY;COUNT=3"]);
    const [first, second] = (await instances()).map(({ id }) => id ?? "");
    const times = { start: { dateTime: "2026-03-20T09:00:00-04:00" }, end: { dateTime: "2026-03-20T10:00:00-04:00" } };
    sim.changeByHand({ action: "move", calendarId, eventId: first ?? "", ...times });
    await client.events.delete({ calendarId, eventId: second ?? "" });
    expect(await starts()).toEqual(["2026-03-08T09:00:00-04:00", "2026-03-20T09:00:00-04:00"]);
    const listed = (await client.events.list({ calendarId })).data.items ?? [];
    expect(listed.map(({ id, status }) => [id, status])).toEqual([
      ["series1", "confirmed"],
      [first, "confirmed"],
      [second, "cancelled"],
    ]);
    expect(listed[2]).toMatchObject({ originalStartTime: { dateTime: "2026-03-07T09:00:00-05:00" } });
    await client.events.delete({ calendarId, eventId: "series1" });
    expect(await instances()).toEqual([]);
  });

  test("a changed series shows all its instances to an incremental list", async () => {
    await insert(["RRULE:FREQ=DAILY;COUNT=2"]);
    const syncToken = (await client.events.list({ calendarId, singleEvents: true })).data.nextSyncToken ?? "";
    await client.events.patch({ calendarId, eventId: "series1", requestBody: { summary: "Renamed" } });
    const { data } = await client.events.list({ calendarId, singleEvents: true, syncToken });
    expect(data.items?.map(({ summary }) => summary)).toEqual(["Renamed", "Renamed"]);
  });

  test.each([
    ["a rule without sense", ["RRULE:FREQ=SOMETIMES"], {}, "invalid"],
    ["a line that is no rule", ["DTSTART:20260306"], {}, "invalid"],
    ["no zone", ["RRULE:FREQ=DAILY"], { start: { dateTime: "2026-03-06T09:00:00-05:00" } }, "required"],
  ])("refuses %s", async (_title, recurrence, change, reason) => {
    await expect(insert(recurrence, change)).rejects.toMatchObject(refusal(400, reason));
  });
});
