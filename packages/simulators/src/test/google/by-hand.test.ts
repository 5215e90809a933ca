import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type GoogleSimulator, startGoogleSimulator } from "../../index.ts";
import { CALENDAR, EVENT, EVENT_ID, googleClient } from "./client.ts";

const at = { calendarId: CALENDAR, eventId: EVENT_ID };

describe("changes by hand at the Google simulator", () => {
  let sim: GoogleSimulator;
  let client: ReturnType<typeof googleClient>;
  beforeEach(async () => {
    sim = await startGoogleSimulator({ calendars: [{ id: CALENDAR, timeZone: "America/New_York" }] });
    client = googleClient(sim.url);
    await client.events.insert({ calendarId: CALENDAR, requestBody: EVENT });
  });
  afterEach(() => sim.close());

  const event = async () => (await client.events.get(at)).data;
  const busy = async () => {
    const range = { timeMin: "2026-03-09T00:00:00-04:00", timeMax: "2026-03-11T00:00:00-04:00" };
    const requestBody = { ...range, timeZone: "America/New_York", items: [{ id: CALENDAR }] };
    return (await client.freebusy.query({ requestBody })).data.calendars?.[CALENDAR]?.busy;
  };

  test("an event that the calendar's owner declines shows so and frees its time; a guest's no does not", async () => {
    sim.changeByHand({ action: "decline", ...at, email: "guest@example.com" });
    expect(await busy()).toHaveLength(1);
    const write = sim.changeByHand({ action: "decline", ...at });
    expect(write).toMatchObject({ action: "patch", by: "hand", status: "confirmed" });
    expect((await event()).attendees).toEqual([
      { email: "guest@example.com", responseStatus: "declined" },
      { email: CALENDAR, responseStatus: "declined", self: true, organizer: true },
    ]);
    expect(await busy()).toEqual([]);
  });

  test("a deleted event can be taken out of the bin", async () => {
    sim.changeByHand({ action: "delete", ...at });
    sim.changeByHand({ action: "restore", ...at });
    expect(await event()).toMatchObject({ status: "confirmed", extendedProperties: EVENT.extendedProperties });
  });

  test("an event can be made whole-day, and an hour again", async () => {
    const day = { start: { date: "2026-03-10" }, end: { date: "2026-03-11" } };
    sim.changeByHand({ action: "move", ...at, ...day });
    expect(await event()).toMatchObject(day);
    const { start, end } = EVENT;
    sim.changeByHand({ action: "move", ...at, start, end });
    expect(await event()).toMatchObject({ start, end });
  });

  test("a blocked day is busy from midnight to midnight of the calendar's zone", async () => {
    sim.changeByHand({ action: "block-day", calendarId: CALENDAR, date: "2026-03-10" });
    expect((await busy())?.at(-1)).toEqual({ start: "2026-03-10T00:00:00-04:00", end: "2026-03-11T00:00:00-04:00" });
  });

  test("other fields can be changed, and our marks taken off", async () => {
    const fields = { summary: "Lunch", transparency: "transparent", extendedProperties: null };
    sim.changeByHand({ action: "edit", ...at, fields });
    expect(await event()).toMatchObject({ summary: "Lunch", transparency: "transparent" });
    expect((await event()).extendedProperties).toBeUndefined();
    expect(await busy()).toEqual([]);
  });
});
