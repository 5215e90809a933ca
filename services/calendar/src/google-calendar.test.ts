import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import {
  addressOf,
  builtin,
  type CalendarWorld,
  google,
  googleByServiceAccount,
  monday,
  movedLater,
  newEvent,
  startCalendarWorld,
  storedAs,
} from "./test/calendar-world.ts";

const once = { retry: false };

describe("calendars at Google", () => {
  let world: CalendarWorld;
  let tenantId: string;
  /** The calendar's id at Google; one a test, as the simulator keeps them all. */
  let atGoogle: string;
  beforeAll(async () => {
    world = await startCalendarWorld();
  });
  afterAll(() => world.stop());
  beforeEach(async () => {
    world.google.faults.clear();
    tenantId = randomUUID();
    atGoogle = `${randomUUID()}@group.calendar.google.com`;
    await world.apply(tenantId, google("smith", atGoogle, `refresh-${tenantId}`));
  });

  const insert = (event: ReturnType<typeof newEvent>) => world.client.insertEvent(event, once);
  const get = async (event: ReturnType<typeof newEvent>) => (await world.client.getEvent(addressOf(event), once)).event;

  describe("inserting", () => {
    test("an inserted event is read back, marked as ours, and nobody is mailed", async () => {
      const event = newEvent(tenantId, "smith");
      expect((await insert(event)).event).toEqual(storedAs(event));
      expect(await get(event)).toEqual(storedAs(event));
      expect(world.google.ledger.event(atGoogle, event.eventId)).toMatchObject({
        summary: event.summary,
        privateProperties: {
          bookproof_appointment_id: event.appointmentId,
          bookproof_tenant_id: tenantId,
          cid: event.cid,
        },
      });
      expect(world.google.ledger.writes().at(-1)).toMatchObject({ action: "insert", sendUpdates: "none" });
      expect(await world.availability(tenantId, "smith")).toMatchObject([
        { windows: [monday.window], busy: [{ range: event.range }], unreadableReason: "" },
      ]);
    });

    test("a service account gets in by its key", async () => {
      await world.apply(tenantId, googleByServiceAccount("smith", atGoogle, "robot@example.com"));
      const event = newEvent(tenantId, "smith");
      expect((await insert(event)).event).toEqual(storedAs(event));
      world.google.expireAccessTokens();
      expect(await get(event)).toEqual(storedAs(event));
    });

    test("a time-out after success is an unknown outcome, and a get finds the event live", async () => {
      const event = newEvent(tenantId, "smith");
      world.google.faults.add({ kind: "time-out-after", times: 1, match: { bodyContains: event.eventId } });
      await expect(insert(event)).rejects.toMatchObject({ reason: "calendar_outcome_unknown" });
      expect(await get(event)).toEqual(storedAs(event));
    });

    test.each([
      ["calendar_outcome_unknown", { kind: "fail-before", status: 503 }],
      ["calendar_outcome_unknown", { kind: "drop" }],
      ["calendar_refused", { kind: "fail-before", status: 400, code: "invalid" }],
      ["calendar_refused", { kind: "fail-before", status: 403, code: "forbidden" }],
      ["calendar_rate_limited", { kind: "fail-before", status: 403, code: "rateLimitExceeded" }],
      ["calendar_rate_limited", { kind: "fail-before", status: 403, code: "userRateLimitExceeded" }],
      ["calendar_rate_limited", { kind: "fail-before", status: 429 }],
      ["calendar_event_exists", { kind: "fail-before", status: 409 }],
    ] as const)("%s after one request only: %j", async (reason, fault) => {
      const event = newEvent(tenantId, "smith");
      const struck = world.google.faults.fired().length;
      world.google.faults.add({ ...fault, match: { bodyContains: event.eventId } });
      await expect(insert(event)).rejects.toMatchObject({ reason });
      expect(world.google.faults.fired()).toHaveLength(struck + 1);
      world.google.faults.clear();
      expect(await get(event)).toBeUndefined();
    });

    test("a taken id is said to exist", async () => {
      const event = newEvent(tenantId, "smith");
      await insert(event);
      await expect(insert(event)).rejects.toMatchObject({ reason: "calendar_event_exists" });
    });

    test("nothing is sent after its time, nor is an answer waited for beyond it", async () => {
      const event = newEvent(tenantId, "smith");
      await expect(insert({ ...event, notAfter: new Date() })).rejects.toMatchObject({ reason: "too_late" });
      await insert(newEvent(tenantId, "smith"));
      world.google.faults.add({ kind: "time-out-before", match: { bodyContains: event.eventId } });
      const began = performance.now();
      const short = { ...event, notAfter: new Date(Date.now() + 200) };
      await expect(insert(short)).rejects.toMatchObject({ reason: "calendar_outcome_unknown" });
      expect(performance.now() - began).toBeLessThan(700);
    });

    test("when signing in lasts beyond its time, nothing was sent and it is too late", async () => {
      const event = { ...newEvent(tenantId, "smith"), notAfter: new Date(Date.now() + 300) };
      world.google.faults.add({ kind: "time-out-before", match: { path: "/token" } });
      await expect(insert(event)).rejects.toMatchObject({ reason: "too_late" });
      expect(world.google.ledger.event(atGoogle, event.eventId)).toBeUndefined();
    });

    test("when signing in fails, nothing was sent and it is said to be refused", async () => {
      const event = newEvent(tenantId, "smith");
      world.google.faults.add({ kind: "fail-before", status: 503, match: { path: "/token" } });
      await expect(insert(event)).rejects.toMatchObject({ reason: "calendar_refused" });
      world.google.faults.clear();
      expect((await insert(event)).event).toEqual(storedAs(event));
    });
  });

  describe("moving", () => {
    const patch = (event: ReturnType<typeof movedLater>) => world.client.patchEvent(event, once);

    test("an event gets another time and keeps all else, and nobody is mailed", async () => {
      const event = newEvent(tenantId, "smith");
      const moved = movedLater(event);
      await insert(event);
      expect((await patch(moved)).event).toEqual({ ...storedAs(event), range: moved.range });
      expect(await get(event)).toEqual({ ...storedAs(event), range: moved.range });
      expect(world.google.ledger.writes().at(-1)).toMatchObject({
        action: "patch",
        sendUpdates: "none",
        privateProperties: { bookproof_tenant_id: tenantId, cid: event.cid },
      });
      expect(await world.availability(tenantId, "smith")).toMatchObject([{ busy: [{ range: moved.range }] }]);
    });

    test("an absent or deleted event is refused, and stays so", async () => {
      const event = newEvent(tenantId, "smith");
      await expect(patch(movedLater(event))).rejects.toMatchObject({ reason: "calendar_refused" });
      await insert(event);
      world.google.changeByHand({ action: "delete", calendarId: atGoogle, eventId: event.eventId });
      await expect(patch(movedLater(event))).rejects.toMatchObject({ reason: "calendar_refused" });
      expect(await get(event)).toMatchObject({ live: false });
    });

    test("a time-out after success is an unknown outcome, and a get finds the event moved", async () => {
      const event = newEvent(tenantId, "smith");
      const moved = movedLater(event);
      await insert(event);
      world.google.faults.add({ kind: "time-out-after", times: 1, match: { method: "PATCH" } });
      await expect(patch(moved)).rejects.toMatchObject({ reason: "calendar_outcome_unknown" });
      expect((await get(event))?.range).toEqual(moved.range);
    });

    test.each([
      ["calendar_outcome_unknown", { kind: "fail-before", status: 503 }],
      ["calendar_outcome_unknown", { kind: "drop" }],
      ["calendar_refused", { kind: "fail-before", status: 403, code: "forbidden" }],
      ["calendar_rate_limited", { kind: "fail-before", status: 429 }],
      ["calendar_disconnected", { kind: "fail-before", status: 401 }],
    ] as const)("%s: %j", async (reason, fault) => {
      const event = newEvent(tenantId, "smith");
      await insert(event);
      world.google.faults.add({ ...fault, match: { method: "PATCH", path: event.eventId } });
      await expect(patch(movedLater(event))).rejects.toMatchObject({ reason });
      expect(await get(event)).toEqual(storedAs(event));
    });

    test("nothing is sent after its time", async () => {
      const event = newEvent(tenantId, "smith");
      await insert(event);
      const late = { ...movedLater(event), notAfter: new Date() };
      await expect(patch(late)).rejects.toMatchObject({ reason: "too_late" });
      expect(await get(event)).toEqual(storedAs(event));
    });
  });

  describe("reading back and deleting", () => {
    test("an event deleted by hand is not live, and one moved by hand shows its new time", async () => {
      const [deleted, moved] = [newEvent(tenantId, "smith"), newEvent(tenantId, "smith")];
      await insert(deleted);
      await insert(moved);
      const at = { calendarId: atGoogle, eventId: deleted.eventId };
      world.google.changeByHand({ action: "delete", ...at });
      const times = { start: { dateTime: "2026-03-10T09:00:00Z" }, end: { dateTime: "2026-03-10T10:00:00Z" } };
      world.google.changeByHand({ action: "move", ...at, eventId: moved.eventId, ...times });
      expect(await get(deleted)).toMatchObject({ appointmentId: deleted.appointmentId, live: false });
      expect((await get(moved))?.range?.from).toEqual(new Date(times.start.dateTime));
      await expect(insert(deleted)).rejects.toMatchObject({ reason: "calendar_event_exists" });
    });

    test("an absent event is no event, but one of a calendar that is not shared any more is unreadable", async () => {
      const event = newEvent(tenantId, "smith");
      expect(await get(event)).toBeUndefined();
      world.google.declareCalendar({ id: atGoogle, accessRole: "none" });
      await expect(get(event)).rejects.toMatchObject({ reason: "calendar_unreadable" });
    });

    test.each([
      ["calendar_unreadable", { kind: "fail-before", status: 500 }],
      ["calendar_unreadable", { kind: "time-out-before" }],
      ["calendar_rate_limited", { kind: "fail-before", status: 429 }],
    ] as const)("a read that fails is %s, never an absent event", async (reason, fault) => {
      const event = newEvent(tenantId, "smith");
      world.google.faults.add({ ...fault, match: { path: event.eventId } });
      await expect(get(event)).rejects.toMatchObject({ reason });
    });

    test("deleting is done once and succeeds again, also for an absent event", async () => {
      const event = newEvent(tenantId, "smith");
      await world.client.deleteEvent(addressOf(event), once);
      await insert(event);
      await world.client.deleteEvent(addressOf(event), once);
      await world.client.deleteEvent(addressOf(event), once);
      expect(await get(event)).toMatchObject({ live: false });
      const deletions = world.google.ledger
        .writes()
        .filter(({ action, eventId }) => action === "delete" && eventId === event.eventId);
      expect(deletions).toMatchObject([{ sendUpdates: "none" }]);
    });

    test("another tenant's mark on an event is not taken for ours", async () => {
      const other = randomUUID();
      await world.apply(other, google("smith", atGoogle));
      const event = newEvent(tenantId, "smith");
      await insert(event);
      expect(await get({ ...event, tenantId: other })).toMatchObject({ appointmentId: "" });
    });
  });

  describe("listing our events", () => {
    const list = async () =>
      (await world.client.listOwnEvents({ tenantId, calendarId: "smith", range: monday.range }, once)).events;

    test("gives this tenant's live ones within the range, as they are now", async () => {
      const other = randomUUID();
      await world.apply(other, google("smith", atGoogle));
      await insert(newEvent(other, "smith"));
      const [kept, declined] = [newEvent(tenantId, "smith"), newEvent(tenantId, "smith")];
      const [deleted, moved] = [newEvent(tenantId, "smith"), newEvent(tenantId, "smith")];
      for (const event of [kept, declined, deleted, moved]) await insert(event);
      const byHand = (event: typeof kept) => ({ calendarId: atGoogle, eventId: event.eventId });
      const times = { start: { dateTime: "2026-03-12T09:00:00Z" }, end: { dateTime: "2026-03-12T10:00:00Z" } };
      world.google.changeByHand({ action: "decline", ...byHand(declined) });
      world.google.changeByHand({ action: "delete", ...byHand(deleted) });
      world.google.changeByHand({ action: "move", ...byHand(moved), ...times });
      world.google.changeByHand({ action: "add", ...byHand(moved), ...times });
      expect(await list()).toEqual([storedAs(kept), { ...storedAs(declined), declined: true }]);
    });

    test.each([
      ["calendar_unreadable", { kind: "fail-before", status: 503 }],
      ["calendar_unreadable", { kind: "time-out-before" }],
      ["calendar_rate_limited", { kind: "fail-before", status: 429 }],
    ] as const)("that fails is %s, never an empty calendar", async (reason, fault) => {
      world.google.faults.add({ ...fault, match: { method: "GET", path: "/events" } });
      await expect(list()).rejects.toMatchObject({ reason });
    });
  });

  describe("availability", () => {
    test("an unreadable calendar has no windows and does not hide the others", async () => {
      world.google.declareCalendar({ id: atGoogle, freeBusyError: "internalError" });
      await world.apply(tenantId, google("smith", atGoogle), google("lee", `other-${atGoogle}`), builtin("jones"));
      expect(await world.availability(tenantId, "smith", "lee", "jones")).toMatchObject([
        { calendarId: "smith", windows: [], busy: [], unreadableReason: "calendar_unreadable" },
        { calendarId: "lee", windows: [monday.window], unreadableReason: "" },
        { calendarId: "jones", windows: [monday.window], unreadableReason: "" },
      ]);
    });

    test.each([
      ["calendar_unreadable", { kind: "fail-before", status: 503 }],
      ["calendar_unreadable", { kind: "time-out-before" }],
      ["calendar_rate_limited", { kind: "fail-before", status: 403, code: "userRateLimitExceeded" }],
    ] as const)("a failing free/busy question is %s", async (unreadableReason, fault) => {
      world.google.faults.add({ ...fault, match: { path: "/freeBusy" } });
      expect(await world.availability(tenantId, "smith")).toMatchObject([{ windows: [], unreadableReason }]);
    });

    test("a range longer than Google answers at once is asked in parts", async () => {
      await insert(newEvent(tenantId, "smith"));
      const range = { from: new Date("2026-01-01T00:00:00Z"), to: new Date("2026-07-01T00:00:00Z") };
      const { calendars } = await world.client.getAvailability({ tenantId, calendarIds: ["smith"], range }, once);
      expect(calendars[0]?.busy).toMatchObject([{ range: monday.tenToHalfPast }]);
    });
  });

  describe("access", () => {
    test("a revoked access token is renewed once, whoever notices first", async () => {
      const event = newEvent(tenantId, "smith");
      await insert(event);
      world.google.expireAccessTokens();
      expect(await Promise.all([get(event), get(event), get(event)])).toEqual(Array(3).fill(storedAs(event)));
    });

    test("a fresh token that is refused as well means disconnected", async () => {
      const event = newEvent(tenantId, "smith");
      const struck = world.google.faults.fired().length;
      world.google.faults.add({ kind: "fail-before", status: 401, match: { bodyContains: event.eventId } });
      await expect(insert(event)).rejects.toMatchObject({ reason: "calendar_disconnected" });
      expect(world.google.faults.fired()).toHaveLength(struck + 2);
    });

    test("a grant that is gone disconnects the calendar until other credentials come", async () => {
      world.google.revokeGrant(`refresh-${tenantId}`);
      const disconnected = [{ windows: [], unreadableReason: "calendar_disconnected" }];
      expect(await world.availability(tenantId, "smith")).toMatchObject(disconnected);
      world.google.restoreGrant(`refresh-${tenantId}`);
      const sameGrant = google("smith", atGoogle, `refresh-${tenantId}`);
      await world.apply(tenantId, { ...sameGrant, displayName: "Dr. Smith, new name" });
      expect(await world.availability(tenantId, "smith")).toMatchObject(disconnected);
      const event = newEvent(tenantId, "smith");
      await expect(insert(event)).rejects.toMatchObject({ reason: "calendar_disconnected" });
      await world.apply(tenantId, google("smith", atGoogle, `renewed-${tenantId}`));
      expect(await world.availability(tenantId, "smith")).toMatchObject([{ windows: [monday.window] }]);
      expect((await insert(event)).event?.live).toBe(true);
    });

    test("a grant that goes while an event is inserted is noticed there", async () => {
      world.google.revokeGrant(`refresh-${tenantId}`);
      await expect(insert(newEvent(tenantId, "smith"))).rejects.toMatchObject({ reason: "calendar_disconnected" });
      const { rows } = await world.database.query(
        "SELECT disconnected_reason FROM calendar.calendars WHERE tenant_id = $1",
        [tenantId],
      );
      expect(rows).toEqual([{ disconnected_reason: "invalid_grant" }]);
    });
  });
});
