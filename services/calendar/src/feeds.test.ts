import { createHash, randomBytes, randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { z } from "zod";
import { builtin, type CalendarWorld, google, newEvent, startCalendarWorld } from "./test/calendar-world.ts";

const dayMs = 24 * 60 * 60_000;
const days = (from: number, to: number) => ({
  from: new Date(Date.now() + from * dayMs),
  to: new Date(Date.now() + to * dayMs),
});
const newHash = () => createHash("sha256").update(randomBytes(32)).digest("hex");
const once = { retry: false };

let world: CalendarWorld;
let tenantId: string;
beforeAll(async () => {
  world = await startCalendarWorld();
}, 60_000);
afterAll(() => world.stop());
beforeEach(async () => {
  tenantId = randomUUID();
  await world.apply(tenantId, builtin("smith"));
});

async function createFeed(more: { replace?: boolean; tokenSha256?: string; calendarId?: string } = {}) {
  const tokenSha256 = newHash();
  await world.client.createFeed({ tenantId, calendarId: "smith", tokenSha256, replace: false, ...more }, once);
  return tokenSha256;
}
const read = (tokenSha256: string, page = { afterId: "", limit: 1_000 }) =>
  world.client.readFeed({ tokenSha256, ...page }, once);
const notFound = { reason: "calendar_feed_not_found", message: "There is no calendar at this link." };

test("a feed has the live events and blocked times from 30 days ago to 400 days ahead, and no other calendar's", async () => {
  await world.apply(tenantId, builtin("smith"), builtin("jones"));
  const other = randomUUID();
  await world.apply(other, builtin("smith"));
  const insert = async (range: ReturnType<typeof days>, calendarId = "smith", of = tenantId) => {
    const event = { ...newEvent(of, calendarId), range };
    await world.client.insertEvent(event, once);
    return event;
  };
  const seen = await insert(days(1, 1.1));
  const early = await insert(days(-29, -28.9));
  const late = await insert(days(399, 399.1));
  const cancelled = await insert(days(2, 2.1));
  await world.client.deleteEvent({ tenantId, calendarId: "smith", eventId: cancelled.eventId });
  for (const range of [days(-32, -31), days(401, 402)]) await insert(range);
  await insert(days(1, 1.1), "jones");
  await insert(days(1, 1.1), "smith", other);
  const [away, nameless] = [randomUUID(), randomUUID()];
  const blocked = { tenantId, calendarId: "smith", range: days(3, 4) };
  await world.client.blockTime({ ...blocked, id: away, reason: "Away" });
  await world.client.blockTime({ ...blocked, id: nameless, reason: "" });

  const { calendarName, entries } = await read(await createFeed());
  expect(calendarName).toBe("Dr. smith");
  const ids = [seen.eventId, early.eventId, late.eventId, `blocked-${away}`, `blocked-${nameless}`];
  expect(entries.map(({ id }) => id).sort()).toEqual(ids.sort());
  const { eventId: id, range, summary, description, location } = seen;
  const times = { createdAt: expect.any(Date), updatedAt: expect.any(Date) };
  expect(entries).toContainEqual({ id, range, summary, description, location, ...times });
  expect(entries.filter((entry) => entry.id.startsWith("blocked-")).map((entry) => entry.summary)).toEqual(
    expect.arrayContaining(["Blocked", "Blocked: Away"]),
  );
});

test("a feed is read page by page, each entry once", async () => {
  for (let index = 0; index < 5; index++)
    await world.client.insertEvent({ ...newEvent(tenantId, "smith"), range: days(1, 1.1) }, once);
  const hash = await createFeed();
  const ids: string[] = [];
  for (const expected of [2, 2, 1, 0]) {
    const { entries } = await read(hash, { afterId: ids.at(-1) ?? "", limit: 2 });
    expect(entries).toHaveLength(expected);
    ids.push(...entries.map(({ id }) => id));
  }
  expect(new Set(ids).size).toBe(5);
});

test("a calendar has one link: a second is refused, a repeat is the same, a new one ends the old one, and it can be ended", async () => {
  const first = await createFeed();
  await createFeed({ tokenSha256: first });
  await expect(createFeed()).rejects.toMatchObject({ reason: "calendar_feed_exists" });
  expect((await read(first)).calendarName).toBe("Dr. smith");
  const second = await createFeed({ replace: true });
  await expect(read(first)).rejects.toMatchObject(notFound);
  expect((await read(second)).calendarName).toBe("Dr. smith");
  const end = () => world.client.deleteFeed({ tenantId, calendarId: "smith" });
  expect(await end()).toEqual({ existed: true });
  await expect(read(second)).rejects.toMatchObject(notFound);
  expect(await end()).toEqual({ existed: false });
});

test("an unknown link is refused in the words of an ended one", async () => {
  await expect(read(newHash())).rejects.toMatchObject(notFound);
  await expect(read("' OR 1 = 1")).rejects.toMatchObject({ reason: "invalid_argument" });
});

test("another tenant can neither make, replace nor end the link of a calendar", async () => {
  const hash = await createFeed();
  const stranger = { tenantId: randomUUID(), calendarId: "smith" };
  for (const replace of [true, false])
    await expect(world.client.createFeed({ ...stranger, tokenSha256: newHash(), replace }, once)).rejects.toMatchObject(
      { reason: "calendar_not_found" },
    );
  await expect(world.client.deleteFeed(stranger)).rejects.toMatchObject({ reason: "calendar_not_found" });
  expect((await read(hash)).calendarName).toBe("Dr. smith");
});

test("a calendar at Google has no link of ours, nor one that moved there; a retired one keeps its link and gets none", async () => {
  const hash = await createFeed();
  await world.apply(tenantId, google("jones", "jones@example.com"));
  expect((await read(hash)).calendarName).toBe("Dr. smith");
  await expect(createFeed({ replace: true })).rejects.toMatchObject({ reason: "calendar_not_found" });
  await expect(createFeed({ calendarId: "jones" })).rejects.toMatchObject({
    reason: "calendar_not_builtin",
    message: expect.stringContaining("Secret address in iCal format"),
  });
  await world.apply(tenantId, google("smith", "smith@example.com"));
  await expect(read(hash)).rejects.toMatchObject(notFound);
});

test("feeds and blocked times are under row-level security, and a hash leads to ids alone", async () => {
  const hash = await createFeed();
  await world.client.blockTime({ tenantId, id: randomUUID(), calendarId: "smith", range: days(3, 4), reason: "" });
  const asService = async (tenant: string, statement: string) => {
    const setting = `SET LOCAL ROLE bookproof_calendar; SET LOCAL bookproof.tenant_id = '${tenant}'`;
    const results: unknown = await world.database.query(`BEGIN; ${setting}; ${statement}; COMMIT`);
    return z.array(z.looseObject({ rows: z.array(z.unknown()) })).parse(results)[3]?.rows;
  };
  const counts =
    "SELECT (SELECT count(*)::int FROM calendar.feeds) AS feeds, (SELECT count(*)::int FROM calendar.blocked_times) AS blocks";
  expect(await asService(tenantId, counts)).toEqual([{ feeds: 1, blocks: 1 }]);
  for (const stranger of [randomUUID(), ""])
    expect(await asService(stranger, counts)).toEqual([{ feeds: 0, blocks: 0 }]);
  expect(await asService("", `SELECT * FROM calendar.find_feed('${hash}')`)).toEqual([
    { tenant_id: tenantId, calendar_id: "smith" },
  ]);
});
