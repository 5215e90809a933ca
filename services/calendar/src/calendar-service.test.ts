import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import {
  addressOf,
  builtin,
  type CalendarWorld,
  google,
  monday,
  movedLater,
  newEvent,
  startCalendarWorld,
  storedAs,
} from "./test/calendar-world.ts";

describe("the calendar service", () => {
  let world: CalendarWorld;
  let tenantId: string;
  beforeAll(async () => {
    world = await startCalendarWorld();
  });
  afterAll(() => world.stop());
  beforeEach(() => {
    tenantId = randomUUID();
  });

  describe("built-in calendars", () => {
    test("an inserted event is read back as it was and is busy time", async () => {
      await world.apply(tenantId, builtin("smith"));
      const event = newEvent(tenantId, "smith");
      const { client } = world;
      expect((await client.insertEvent(event)).event).toEqual(storedAs(event));
      expect((await client.getEvent(addressOf(event))).event).toEqual(storedAs(event));
      expect(await world.availability(tenantId, "smith")).toEqual([
        {
          calendarId: "smith",
          displayName: "Dr. smith",
          windows: [monday.window],
          busy: [{ range: event.range, eventId: event.eventId }],
          unreadableReason: "",
        },
      ]);
    });

    test("an id is taken once, also after its event was deleted", async () => {
      await world.apply(tenantId, builtin("smith"));
      const event = newEvent(tenantId, "smith");
      const { client } = world;
      await client.insertEvent(event);
      await expect(client.insertEvent(event)).rejects.toMatchObject({ reason: "calendar_event_exists" });
      await client.deleteEvent(addressOf(event));
      await client.deleteEvent(addressOf(event));
      expect((await client.getEvent(addressOf(event))).event).toEqual(storedAs(event, false));
      await expect(client.insertEvent(event)).rejects.toMatchObject({ reason: "calendar_event_exists" });
      expect((await world.availability(tenantId, "smith"))[0]?.busy).toEqual([]);
    });

    test("of twenty inserts of one event at once, one succeeds", async () => {
      await world.apply(tenantId, builtin("smith"));
      const event = newEvent(tenantId, "smith");
      const results = await Promise.allSettled(Array.from({ length: 20 }, () => world.client.insertEvent(event)));
      expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    });

    test("an absent event is no event, and deleting it succeeds", async () => {
      await world.apply(tenantId, builtin("smith"));
      const event = newEvent(tenantId, "smith");
      expect(await world.client.getEvent(addressOf(event))).toEqual({ event: undefined });
      await expect(world.client.deleteEvent(addressOf(event))).resolves.toEqual({});
    });

    test("nothing is inserted after its time", async () => {
      await world.apply(tenantId, builtin("smith"));
      const event = { ...newEvent(tenantId, "smith"), notAfter: new Date(Date.now() - 1) };
      await expect(world.client.insertEvent(event)).rejects.toMatchObject({ reason: "too_late" });
      expect((await world.client.getEvent(addressOf(event))).event).toBeUndefined();
    });

    test("an event is moved by its id, again too, and only where it is live and the appointment's", async () => {
      await world.apply(tenantId, builtin("smith"));
      const event = newEvent(tenantId, "smith");
      const moved = movedLater(event);
      const { client } = world;
      const refused = { reason: "calendar_refused" };
      await expect(client.patchEvent(moved)).rejects.toMatchObject(refused);
      await client.insertEvent(event);
      await expect(client.patchEvent({ ...moved, appointmentId: randomUUID() })).rejects.toMatchObject(refused);
      const late = { ...moved, notAfter: new Date(Date.now() - 1) };
      await expect(client.patchEvent(late)).rejects.toMatchObject({ reason: "too_late" });
      expect((await client.getEvent(addressOf(event))).event).toEqual(storedAs(event));
      for (const _ of ["once", "again"])
        expect((await client.patchEvent(moved)).event).toEqual({ ...storedAs(event), range: moved.range });
      expect((await world.availability(tenantId, "smith"))[0]?.busy).toEqual([
        { range: moved.range, eventId: event.eventId },
      ]);
      await client.deleteEvent(addressOf(event));
      await expect(client.patchEvent(moved)).rejects.toMatchObject(refused);
    });

    test("our events within a range are listed while they are live", async () => {
      await world.apply(tenantId, builtin("smith"));
      const [kept, deleted, moved] = [
        newEvent(tenantId, "smith"),
        newEvent(tenantId, "smith"),
        newEvent(tenantId, "smith"),
      ];
      const { client } = world;
      for (const event of [kept, deleted, moved]) await client.insertEvent(event);
      await client.deleteEvent(addressOf(deleted));
      const later = { from: new Date("2026-03-12T09:00:00Z"), to: new Date("2026-03-12T10:00:00Z") };
      await client.patchEvent({ ...movedLater(moved), range: later });
      const asked = { tenantId, calendarId: "smith", range: monday.range };
      expect((await client.listOwnEvents(asked)).events).toEqual([storedAs(kept)]);
      const absent = client.listOwnEvents({ ...asked, calendarId: "nobody" });
      await expect(absent).rejects.toMatchObject({ reason: "calendar_not_found" });
    });

    test("two tenants with one calendar id never see each other's events", async () => {
      const other = randomUUID();
      await world.apply(tenantId, builtin("smith"));
      await world.apply(other, builtin("smith"));
      const event = newEvent(tenantId, "smith");
      await world.client.insertEvent(event);
      expect((await world.client.getEvent({ ...addressOf(event), tenantId: other })).event).toBeUndefined();
      expect((await world.availability(other, "smith"))[0]?.busy).toEqual([]);
      await world.client.deleteEvent({ ...addressOf(event), tenantId: other });
      expect((await world.client.getEvent(addressOf(event))).event?.live).toBe(true);
    });
  });

  describe("the tenant's list of calendars", () => {
    test("a closed day has no windows, and a calendar that is not there is named so", async () => {
      await world.apply(tenantId, builtin("smith", ["2026-03-09"]), builtin("jones"));
      expect(await world.availability(tenantId, "nobody", "smith", "jones")).toMatchObject([
        { calendarId: "nobody", windows: [], unreadableReason: "calendar_not_found" },
        { calendarId: "smith", windows: [], unreadableReason: "" },
        { calendarId: "jones", windows: [monday.window], unreadableReason: "" },
      ]);
    });

    test("the same list again changes no row, credentials included", async () => {
      const list = [builtin("smith"), google("jones", "jones@example.com")];
      const rows = async () =>
        (
          await world.database.query("SELECT *, xmin FROM calendar.calendars WHERE tenant_id = $1 ORDER BY id", [
            tenantId,
          ])
        ).rows;
      await world.apply(tenantId, ...list);
      const before = await rows();
      await world.apply(tenantId, ...list.toReversed());
      expect(await rows()).toEqual(before);
      expect(JSON.stringify(before)).not.toContain("refresh-1");
      await world.apply(tenantId, builtin("smith"), google("jones", "jones@example.com", "refresh-2"));
      expect(await rows()).not.toEqual(before);
    });

    test("a calendar left out offers nothing and takes nothing, its events can still be read and deleted", async () => {
      await world.apply(tenantId, builtin("smith"), builtin("jones"));
      const event = newEvent(tenantId, "smith");
      await world.client.insertEvent(event);
      await world.apply(tenantId, builtin("jones"));
      expect(await world.availability(tenantId, "smith")).toMatchObject([{ unreadableReason: "calendar_not_found" }]);
      const late = newEvent(tenantId, "smith");
      await expect(world.client.insertEvent(late)).rejects.toMatchObject({ reason: "calendar_not_found" });
      expect((await world.client.getEvent(addressOf(event))).event?.live).toBe(true);
      await world.client.deleteEvent(addressOf(event));
      expect((await world.client.getEvent(addressOf(event))).event?.live).toBe(false);
      await world.apply(tenantId, builtin("smith"));
      expect(await world.availability(tenantId, "smith")).toMatchObject([{ windows: [monday.window] }]);
    });

    test.each([
      ["timeZone: must be an IANA time zone.", { timeZone: "Mars/Olympus" }],
      ["calendars: must have different ids.", { calendars: [builtin("smith"), builtin("smith")] }],
      ["calendars.0.closed.0: must be a date, YYYY-MM-DD.", { calendars: [builtin("smith", ["2026-02-30"])] }],
      [
        "calendars.0.workingHours.0.to: must be later than from.",
        { calendars: [{ ...builtin("smith"), workingHours: [{ weekday: 1, from: "12:00", to: "09:00" }] }] },
      ],
      [
        "calendars.0.workingHours.0.to: must be HH:mm, 24:00 at most.",
        { calendars: [{ ...builtin("smith"), workingHours: [{ weekday: 1, from: "12:00", to: "24:30" }] }] },
      ],
      ["calendars.0.kind: must be builtin or google.", { calendars: [{ ...builtin("smith"), kind: undefined }] }],
      [
        "calendars.0.kind.value.credential.value: must not be empty.",
        { calendars: [google("smith", "smith@example.com", "")] },
      ],
    ])("a wrong list is refused with one sentence: %s", async (message, change) => {
      const request = { tenantId, timeZone: "America/New_York", calendars: [], ...change };
      await expect(world.client.applyCalendars(request)).rejects.toMatchObject({ reason: "invalid_argument", message });
    });
  });
});
