import { randomUUID } from "node:crypto";
import { eventually } from "@bookproof/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { google } from "./test/calendar-world.ts";
import { byHand, eventAt, type SyncWorld, startSyncWorld, tomorrow } from "./test/sync-world.ts";

const [ten, eleven] = [tomorrow.hour(10), tomorrow.hour(11)];

describe("busy times of calendars at Google", () => {
  let world: SyncWorld;
  let tenantId: string;
  let atGoogle: string;
  beforeAll(async () => {
    world = await startSyncWorld();
  });
  afterAll(() => world.stop());
  beforeEach(async () => {
    world.google.faults.clear();
    ({ tenantId, atGoogle } = await world.addCalendar());
  });

  /** How often Google was asked for busy times while `work` ran. */
  async function questions(work: () => Promise<unknown>): Promise<number> {
    const asked = world.listen(atGoogle);
    await work();
    return asked().freeBusy;
  }
  const grow = (seconds: number) =>
    world.database.query(
      "UPDATE calendar.syncs SET busy_checked_at = busy_checked_at - make_interval(secs => $2) WHERE tenant_id = $1",
      [tenantId, seconds],
    );

  test("are answered without asking Google, and what a person puts in is there after one look", async () => {
    world.google.changeByHand({ action: "add", calendarId: atGoogle, ...byHand(ten) });
    expect(await questions(async () => expect(await world.busy(tenantId)).toEqual([]))).toBe(0);
    await world.poll(tenantId);
    expect(await questions(async () => expect(await world.busy(tenantId)).toEqual([ten]))).toBe(0);
  });

  test("are asked for again only where something has changed", async () => {
    const asked = world.listen(atGoogle);
    await world.poll(tenantId);
    expect(asked()).toEqual({ lists: 1, freeBusy: 0 });
    world.google.changeByHand({ action: "add", calendarId: atGoogle, ...byHand(ten) });
    await world.poll(tenantId);
    expect(asked()).toEqual({ lists: 2, freeBusy: 2 });
  });

  test("are asked for where they are older than a minute, and cannot be read while Google is away", async () => {
    world.google.changeByHand({ action: "add", calendarId: atGoogle, ...byHand(ten) });
    await grow(50);
    expect(await world.busy(tenantId)).toEqual([]);
    await grow(11);
    expect(await questions(async () => expect(await world.busy(tenantId)).toEqual([ten]))).toBe(1);
    world.google.faults.clear();
    world.google.faults.add({ kind: "fail-before", status: 503, match: { path: "/freeBusy" } });
    expect(await world.busy(tenantId)).toBe("calendar_unreadable");
  });

  test("are asked for where they are wanted fresh, or of days that are not kept", async () => {
    world.google.changeByHand({ action: "add", calendarId: atGoogle, ...byHand(ten) });
    expect(await world.busy(tenantId)).toEqual([]);
    expect(await world.busy(tenantId, { fresh: true })).toEqual([ten]);
    const range = { from: tomorrow.range.from, to: new Date(tomorrow.range.to.getTime() + 118 * 86_400_000) };
    expect(await world.busy(tenantId, { range })).toEqual([ten]);
  });

  test("hold what we wrote at once, and what we freed after the look that follows by itself", async () => {
    const event = eventAt(tenantId, ten);
    const { eventId } = event;
    const { summary: _, description: __, location: ___, ...moved } = { ...event, range: eleven };
    const asked = await questions(async () => {
      await world.insert(event);
      expect(await world.busy(tenantId)).toEqual([ten]);
    });
    expect(asked).toBe(0);
    await world.client.patchEvent(moved, { retry: false });
    expect(await world.busy(tenantId)).toContainEqual(eleven);
    await eventually("the old time is free", async () => (await world.busy(tenantId))?.length === 1);
    expect(await world.busy(tenantId)).toEqual([eleven]);
    await world.client.deleteEvent({ tenantId, calendarId: "smith", eventId }, { retry: false });
    await eventually("the new time is free", async () => (await world.busy(tenantId))?.length === 0);
  });

  test("are asked for while nobody knows whether a write of ours was done", async () => {
    const event = eventAt(tenantId, ten);
    world.google.faults.add({ kind: "time-out-after", times: 1, match: { bodyContains: event.eventId } });
    await expect(world.insert(event)).rejects.toMatchObject({ reason: "calendar_outcome_unknown" });
    expect(await questions(async () => expect(await world.busy(tenantId)).toEqual([ten]))).toBe(1);
  });

  test("that were read before a write of ours are not stored after it", async () => {
    world.google.changeByHand({ action: "add", calendarId: atGoogle, ...byHand(tomorrow.hour(15)) });
    const match = { path: "/freeBusy", bodyContains: atGoogle };
    const { id } = world.google.faults.add({ kind: "time-out-after", delayMs: 500, match, times: 2 });
    await world.makeDue(tenantId);
    const isAsked = () => world.google.faults.fired().filter(({ ruleId }) => ruleId === id).length === 2;
    await eventually("the question is on its way", isAsked);
    await world.insert(eventAt(tenantId, ten));
    await eventually("a look has ended", async () => {
      expect(await world.busy(tenantId)).toContainEqual(ten);
      return (await world.busy(tenantId))?.length === 2;
    });
  });

  test("of a stale sync token are read anew", async () => {
    world.google.changeByHand({ action: "add", calendarId: atGoogle, ...byHand(ten) });
    world.google.expireSyncTokens(atGoogle);
    const { sync_token: stale } = await world.syncOf(tenantId);
    await world.poll(tenantId);
    expect(await world.busy(tenantId)).toEqual([ten]);
    expect((await world.syncOf(tenantId)).sync_token).not.toBe(stale);
  });

  test.each([
    ["for longer each time where Google asks to slow down", { status: 403, code: "rateLimitExceeded" }, 22, 30],
    ["and looked for again soon after another failure", { status: 503 }, 3, 5],
  ] as const)("are left alone %s", async (_, fault, least, most) => {
    world.google.faults.add({ kind: "fail-before", ...fault, match: { method: "GET", path: "/events" } });
    for (const [failures, times] of [1, 2, 4].entries()) {
      await world.makeDue(tenantId);
      const sync = await eventually("a failure is noted", async () => {
        const now = await world.syncOf(tenantId);
        return now.failures === failures + 1 && now;
      });
      expect(sync.due_in).toBeGreaterThan(least * times - 1);
      expect(sync.due_in).toBeLessThanOrEqual(most * times);
    }
    world.google.faults.clear();
    await world.poll(tenantId);
    expect((await world.syncOf(tenantId)).failures).toBe(0);
  });

  test("of another calendar, which was given the old one's name, are not the old one's", async () => {
    world.google.changeByHand({ action: "add", calendarId: atGoogle, ...byHand(ten) });
    await world.poll(tenantId);
    await world.apply(tenantId, google("smith", `other-${atGoogle}`, `refresh-${tenantId}`));
    expect(await world.busy(tenantId)).toEqual([]);
  });

  test("of many calendars are each asked about once, however many replicas look", async () => {
    const others = await Promise.all([world.begin(), world.begin()]);
    try {
      const calendars = await Promise.all(Array.from({ length: 12 }, () => world.addCalendar(randomUUID())));
      const asked = calendars.map((calendar) => world.listen(calendar.atGoogle));
      const ids = calendars.map((calendar) => calendar.tenantId);
      const makeDue = "UPDATE calendar.syncs SET due_at = clock_timestamp() WHERE tenant_id = ANY ($1)";
      await world.database.query(makeDue, [ids]);
      await eventually("none is due", async () => {
        const { rows } = await world.database.query(
          "SELECT count(*)::int AS due FROM calendar.syncs WHERE tenant_id = ANY ($1) AND (due_at <= now() OR leased_until IS NOT NULL)",
          [ids],
        );
        return rows[0].due === 0;
      });
      expect(asked.map((count) => count().lists)).toEqual(calendars.map(() => 1));
    } finally {
      for (const { close, server } of others) {
        close();
        await server.stop();
      }
    }
  });
});
