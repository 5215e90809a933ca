import { randomUUID } from "node:crypto";
import type { BlockTimeRequest, TimeRange } from "@bookproof/proto/calendar";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { builtin, type CalendarWorld, google, newEvent, startCalendarWorld } from "./test/calendar-world.ts";

const hourMs = 60 * 60_000;
const dayMs = 24 * hourMs;
/** Midnight UTC a week ahead. */
const midnight = Math.floor(Date.now() / dayMs) * dayMs + 7 * dayMs;
const hours = (from: number, to: number) => ({
  from: new Date(midnight + from * hourMs),
  to: new Date(midnight + to * hourMs),
});
const once = { retry: false };
const page = { calendarId: "", afterId: "", limit: 1_000 };

let world: CalendarWorld;
let tenantId: string;
beforeAll(async () => {
  world = await startCalendarWorld();
}, 60_000);
afterAll(() => world.stop());
beforeEach(async () => {
  tenantId = randomUUID();
  await world.apply(tenantId, builtin("smith"), builtin("jones"));
});

const block = (range: TimeRange, more: Partial<BlockTimeRequest> = {}) =>
  world.client.blockTime({ tenantId, id: randomUUID(), calendarId: "smith", range, reason: "", ...more }, once);
const listed = async (more: Partial<typeof page> = {}, of = tenantId) =>
  (await world.client.listBlockedTimes({ tenantId: of, ...page, ...more })).blockedTimes;
const book = (range: TimeRange, calendarId = "smith") => {
  const event = { ...newEvent(tenantId, calendarId), range };
  return world.client.insertEvent(event, once).then(() => event);
};
async function busyOf(calendarId: string) {
  const asked = { tenantId, calendarIds: [calendarId], range: hours(0, 24) };
  return (await world.client.getAvailability(asked, once)).calendars[0]?.busy;
}

describe("a blocked time", () => {
  test("is busy at once in its calendar alone, and free at once when it is unblocked", async () => {
    const id = randomUUID();
    await block(hours(9, 12), { id, reason: "Away" });
    expect(await busyOf("smith")).toEqual([{ range: hours(9, 12), eventId: "" }]);
    expect(await busyOf("jones")).toEqual([]);
    expect(await listed()).toEqual([{ id, calendarId: "smith", range: hours(9, 12), reason: "Away" }]);
    await world.client.unblockTime({ tenantId, id });
    expect(await busyOf("smith")).toEqual([]);
    expect(await listed()).toEqual([]);
  });

  test("takes no event that touches it, and any beside it", async () => {
    await block(hours(9, 12));
    for (const range of [hours(9, 12), hours(8, 9.5), hours(11.5, 13), hours(8, 13), hours(10, 10.5)])
      await expect(book(range)).rejects.toMatchObject({
        reason: "calendar_refused",
        message: "That time is blocked in this calendar.",
      });
    await book(hours(8, 9));
    await book(hours(12, 13));
    await book(hours(10, 11), "jones");
    const { rows } = await world.database.query("SELECT 1 FROM calendar.events WHERE tenant_id = $1", [tenantId]);
    expect(rows).toHaveLength(3);
  });

  test("names the live appointments in it, which stay", async () => {
    const [second, first, gone] = [await book(hours(11, 11.5)), await book(hours(8.5, 9.5)), await book(hours(10, 11))];
    await book(hours(12, 13));
    await book(hours(10, 11), "jones");
    await world.client.deleteEvent({ tenantId, calendarId: "smith", eventId: gone.eventId });
    const { appointments } = await block(hours(9, 12));
    expect(appointments).toEqual(
      [first, second].map(({ appointmentId, range, summary }) => ({ appointmentId, range, summary })),
    );
    const left = await world.client.getEvent({ tenantId, calendarId: "smith", eventId: first.eventId });
    expect(left.event?.live).toBe(true);
  });

  test("is one however often it is asked for under its id", async () => {
    const id = randomUUID();
    await Promise.all(Array.from({ length: 5 }, () => block(hours(9, 12), { id })));
    expect(await listed()).toHaveLength(1);
  });

  test("and an event that are made at once: the event is named, or refused, never both and never neither", async () => {
    for (let round = 0; round < 60; round++) {
      const range = hours(round, round + 1);
      const [booked, blocked] = await Promise.allSettled([book(range), block(range)]);
      if (blocked.status === "rejected") throw blocked.reason;
      const named = blocked.value.appointments.length;
      if (booked.status === "rejected") expect(booked.reason).toMatchObject({ reason: "calendar_refused" });
      expect([round, named]).toEqual([round, booked.status === "fulfilled" ? 1 : 0]);
    }
  });

  test("is in the list until it is over, by calendar and page by page", async () => {
    const ids = Array.from({ length: 5 }, () => randomUUID()).sort();
    for (const [index, id] of ids.entries()) await block(hours(index, index + 1), { id });
    await block(hours(1, 2), { calendarId: "jones" });
    await world.database.query(
      "UPDATE calendar.blocked_times SET time_range = tstzrange(now() - interval '1 hour', now()) WHERE id = $1",
      [ids.at(-1)],
    );
    const idsOf = (blocks: { id: string }[]) => blocks.map(({ id }) => id);
    expect(idsOf(await listed({ calendarId: "smith" }))).toEqual(ids.slice(0, 4));
    expect(idsOf(await listed({ calendarId: "smith", limit: 3 }))).toEqual(ids.slice(0, 3));
    expect(idsOf(await listed({ calendarId: "smith", afterId: String(ids[2]) }))).toEqual([ids[3]]);
    expect(await listed()).toHaveLength(5);
  });

  test("is its tenant's own: another one neither sees, ends nor feels it", async () => {
    const [other, id] = [randomUUID(), randomUUID()];
    await world.apply(other, builtin("smith"));
    await block(hours(9, 12), { id });
    expect(await listed({}, other)).toEqual([]);
    await expect(world.client.unblockTime({ tenantId: other, id })).rejects.toMatchObject({
      reason: "blocked_time_not_found",
    });
    const event = { ...newEvent(other, "smith"), range: hours(9, 10) };
    expect((await world.client.insertEvent(event, once)).event?.live).toBe(true);
    expect(await listed()).toHaveLength(1);
  });

  test("cannot be had at Google, in an unknown calendar or in a retired one", async () => {
    await world.apply(tenantId, builtin("smith"), google("atgoogle", "x@example.com"));
    await expect(block(hours(9, 12), { calendarId: "atgoogle" })).rejects.toMatchObject({
      reason: "calendar_not_builtin",
      message: "This calendar is at Google: block the time in Google Calendar itself.",
    });
    for (const calendarId of ["nobody", "jones"])
      await expect(block(hours(9, 12), { calendarId })).rejects.toMatchObject({ reason: "calendar_not_found" });
    await expect(listed({ calendarId: "nobody" })).rejects.toMatchObject({ reason: "calendar_not_found" });
  });

  test.each<[string, Partial<BlockTimeRequest>]>([
    ["range: must begin before it ends.", { range: hours(9, 9) }],
    ["range: must span 400 days at most.", { range: hours(0, 24 * 400 + 1) }],
    ["range: must end in the future.", { range: { from: new Date(0), to: new Date(1) } }],
    ["range: must end within 730 days.", { range: hours(24 * 700, 24 * 740) }],
    ["reason: must have 200 characters at most.", { reason: "x".repeat(201) }],
    ["id: must be a UUID.", { id: "1" }],
  ])("that is wrong is refused with one sentence: %s", async (message, more) => {
    await expect(block(hours(9, 12), more)).rejects.toMatchObject({ reason: "invalid_argument", message });
    expect(await listed()).toEqual([]);
  });
});
