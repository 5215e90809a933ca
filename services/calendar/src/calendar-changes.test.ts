import { randomUUID } from "node:crypto";
import { ChangeKind } from "@bookproof/proto/calendar";
import { eventually } from "@bookproof/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { google } from "./test/calendar-world.ts";
import { byHand, eventAt, type SyncWorld, startSyncWorld, tomorrow } from "./test/sync-world.ts";

const [ten, eleven] = [tomorrow.hour(10), tomorrow.hour(11)];
const changeLeaseMs = 500;

describe("changes in calendars at Google", () => {
  let world: SyncWorld;
  let tenantId: string;
  let atGoogle: string;
  beforeAll(async () => {
    world = await startSyncWorld({ changeLeaseMs, forgetEveryMs: 100 });
  });
  afterAll(() => world.stop());
  beforeEach(async () => {
    world.google.faults.clear();
    ({ tenantId, atGoogle } = await world.addCalendar());
  });

  async function book(range = ten) {
    const event = eventAt(tenantId, range);
    await world.insert(event);
    return event;
  }
  const told = (event: ReturnType<typeof eventAt>, now: object = {}) => ({
    ...{ kind: "event", event_id: event.eventId, appointment_id: event.appointmentId, live: true, declined: false },
    ...event.range,
    ...now,
  });
  const take = async (limit = 500) => (await world.client.takeChanges({ limit }, { retry: false })).changes;
  const takeOwn = async () => (await take()).filter((change) => change.tenantId === tenantId);

  test("what we write ourselves is no change", async () => {
    const event = await book();
    await world.poll(tenantId);
    const { summary: _, description: __, location: ___, ...moved } = { ...event, range: eleven };
    await world.client.patchEvent(moved, { retry: false });
    await world.poll(tenantId);
    const { eventId } = event;
    await world.client.deleteEvent({ tenantId, calendarId: "smith", eventId }, { retry: false });
    await world.poll(tenantId);
    world.google.expireSyncTokens(atGoogle);
    await world.poll(tenantId);
    expect(await world.changes(tenantId)).toEqual([]);
  });

  test.each([
    ["a move", { action: "move", ...byHand(eleven) }, eleven],
    ["a deletion", { action: "delete" }, { live: false }],
    ["a refusal", { action: "decline" }, { declined: true }],
  ] as const)("%s by hand is told of once", async (_, change, now) => {
    const event = await book();
    await world.poll(tenantId);
    world.google.changeByHand({ ...change, calendarId: atGoogle, eventId: event.eventId });
    await world.poll(tenantId);
    expect(await world.changes(tenantId)).toEqual([told(event, now)]);
    world.google.expireSyncTokens(atGoogle);
    await world.poll(tenantId);
    expect(await world.changes(tenantId)).toHaveLength(1);
  });

  test("events of others are told of to nobody", async () => {
    world.google.changeByHand({ action: "add", calendarId: atGoogle, ...byHand(ten) });
    await world.poll(tenantId);
    expect(await world.changes(tenantId)).toEqual([]);
  });

  test("what happened while Google told nothing is found, in a calendar of more events than a page holds as well", async () => {
    const [moved, deleted, kept] = [await book(), await book(eleven), await book(tomorrow.hour(12))];
    for (let added = 0; added < 2_600; added++)
      world.google.changeByHand({ action: "add", calendarId: atGoogle, ...byHand(tomorrow.hour(13)) });
    world.google.changeByHand({ action: "delete", calendarId: atGoogle, eventId: deleted.eventId });
    const target = { calendarId: atGoogle, eventId: moved.eventId };
    world.google.changeByHand({ action: "move", ...target, ...byHand(tomorrow.hour(15)) });
    const late = await book(tomorrow.hour(16));
    world.google.changeByHand({ action: "decline", calendarId: atGoogle, eventId: late.eventId });
    world.google.expireSyncTokens(atGoogle);
    await world.poll(tenantId);
    const changes = await world.changes(tenantId);
    expect(changes).toHaveLength(3);
    expect(changes).toEqual(
      expect.arrayContaining([
        told(moved, tomorrow.hour(15)),
        told(deleted, { live: false }),
        told(late, { declined: true }),
      ]),
    );
    expect(changes).not.toContainEqual(expect.objectContaining({ event_id: kept.eventId }));
  });

  test("an event that appears after its insert had failed is told of", async () => {
    const event = eventAt(tenantId, ten);
    world.google.faults.add({ kind: "time-out-after", times: 1, match: { bodyContains: event.eventId } });
    await expect(world.insert(event)).rejects.toMatchObject({ reason: "calendar_outcome_unknown" });
    // As if the time in which it may be under way had passed.
    await world.database.query("UPDATE calendar.seen_events SET writing_until = now() WHERE tenant_id = $1", [
      tenantId,
    ]);
    await world.poll(tenantId);
    expect(await world.changes(tenantId)).toEqual([told(event)]);
  });

  test("events that were there before anybody watched are no changes, and later ones of unknown writers are", async () => {
    const event = await book();
    const forget = async (listed: string) => {
      await world.database.query("DELETE FROM calendar.seen_events WHERE tenant_id = $1", [tenantId]);
      await world.database.query(
        `UPDATE calendar.syncs SET sync_token = NULL, listed_at = ${listed} WHERE tenant_id = $1`,
        [tenantId],
      );
    };
    await forget("NULL");
    await world.poll(tenantId);
    expect(await world.changes(tenantId)).toEqual([]);
    await forget("now()");
    await world.poll(tenantId);
    expect(await world.changes(tenantId)).toEqual([told(event)]);
  });

  test("a grant that goes and another that comes are told of once each", async () => {
    world.google.revokeGrant(`refresh-${tenantId}`);
    for (const _ of ["once", "again"])
      expect(await world.busy(tenantId, { fresh: true })).toBe("calendar_disconnected");
    expect(await world.changes(tenantId)).toMatchObject([{ kind: "disconnected" }]);
    for (const _ of ["once", "again"]) await world.apply(tenantId, google("smith", atGoogle, `renewed-${tenantId}`));
    expect(await world.changes(tenantId)).toMatchObject([{ kind: "disconnected" }, { kind: "reconnected" }]);
    await world.poll(tenantId);
    expect(await world.busy(tenantId)).toEqual([]);
  });

  describe("handing them out", () => {
    test("each is handed out once in its time, and again until it is acknowledged", async () => {
      const event = await book();
      world.google.changeByHand({ action: "move", calendarId: atGoogle, eventId: event.eventId, ...byHand(eleven) });
      await world.poll(tenantId);
      const first = await takeOwn();
      expect(first).toEqual([
        {
          ...{ tenantId, calendarId: "smith", calendarName: "Dr. smith", kind: ChangeKind.CHANGE_KIND_EVENT },
          ...{ eventId: event.eventId, appointmentId: event.appointmentId, live: true, declined: false },
          ...{ range: eleven, seq: expect.any(BigInt), seenAt: expect.any(Date) },
        },
      ]);
      expect(await takeOwn()).toEqual([]);
      const again = await eventually("it is handed out again", async () => {
        const own = await takeOwn();
        return own.length > 0 && own;
      });
      expect(again).toEqual(first);
      const changes = first.map(({ seq }) => ({ tenantId, seq }));
      // Another tenant's word is not this one's.
      await world.client.acknowledgeChanges({ changes: changes.map(({ seq }) => ({ tenantId: randomUUID(), seq })) });
      await eventually("it is handed out again", async () => (await takeOwn()).length > 0);
      for (const _ of ["once", "again"]) await world.client.acknowledgeChanges({ changes });
      await world.database.query("UPDATE calendar.changes SET taken_until = now() WHERE tenant_id = $1", [tenantId]);
      expect(await takeOwn()).toEqual([]);
    });

    test("the oldest come first, of all tenants, and nobody gets the same at once", async () => {
      for (const at of [ten, eleven]) {
        const event = await book(at);
        world.google.changeByHand({ action: "delete", calendarId: atGoogle, eventId: event.eventId });
      }
      const other = await world.addCalendar();
      world.google.revokeGrant(`refresh-${other.tenantId}`);
      await world.busy(other.tenantId, { fresh: true });
      await world.poll(tenantId);
      await world.database.query("UPDATE calendar.changes SET taken_until = NULL");
      const taken = await Promise.all([take(), take(2), take()]);
      const all = taken.flat();
      expect(new Set(all.map(({ seq }) => seq)).size).toBe(all.length);
      for (const id of [tenantId, other.tenantId]) expect(all.map((change) => change.tenantId)).toContain(id);
      for (const part of taken) expect(part).toEqual(part.toSorted((a, b) => (a.seq < b.seq ? -1 : 1)));
      expect(taken[1]?.length).toBeLessThanOrEqual(2);
    });

    test("a wrong limit is refused with one sentence", async () => {
      await expect(world.client.takeChanges({ limit: 0 })).rejects.toMatchObject({
        reason: "invalid_argument",
        message: "limit: must be 1 to 500.",
      });
    });

    test("acknowledged ones are forgotten after 30 days, and others never", async () => {
      for (const at of [ten, eleven, tomorrow.hour(12)]) {
        const event = await book(at);
        world.google.changeByHand({ action: "delete", calendarId: atGoogle, eventId: event.eventId });
      }
      await world.poll(tenantId);
      const events = (await world.changes(tenantId)).map(({ event_id }) => event_id);
      await world.database.query(
        `UPDATE calendar.changes SET seen_at = now() - interval '90 days',
           acknowledged_at = CASE event_id WHEN $2 THEN now() - interval '31 days' WHEN $3 THEN now() - interval '29 days' END
         WHERE tenant_id = $1`,
        [tenantId, events[0], events[1]],
      );
      await eventually("the old one is forgotten", async () => (await world.changes(tenantId)).length === 2);
      expect((await world.changes(tenantId)).map(({ event_id }) => event_id)).toEqual(events.slice(1));
    });
  });
});
