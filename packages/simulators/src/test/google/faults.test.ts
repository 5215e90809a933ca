import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type GoogleSimulator, startGoogleSimulator } from "../../index.ts";
import { CALENDAR, EVENT, EVENT_ID, googleClient, refusal } from "./client.ts";

const at = { calendarId: CALENDAR, eventId: EVENT_ID };

describe("planned faults and changes by hand at the Google simulator", () => {
  let sim: GoogleSimulator;
  let events: ReturnType<typeof googleClient>["events"];
  beforeEach(async () => {
    sim = await startGoogleSimulator();
    events = googleClient(sim.url).events;
  });
  afterEach(() => sim.close());

  const insert = (timeout = 5_000) => events.insert({ calendarId: CALENDAR, requestBody: EVENT }, { timeout });

  test.each([
    [401, undefined, "authError", "global"],
    [403, "rateLimitExceeded", "rateLimitExceeded", "usageLimits"],
    [403, undefined, "userRateLimitExceeded", "usageLimits"],
    [404, undefined, "notFound", "global"],
    [409, undefined, "duplicate", "global"],
    [410, undefined, "fullSyncRequired", "calendar"],
    [412, undefined, "conditionNotMet", "global"],
    [429, undefined, "rateLimitExceeded", "usageLimits"],
    [500, undefined, "backendError", "global"],
    [503, undefined, "backendError", "global"],
  ])("fails with %i %s before doing it, in Google's words", async (status, code, reason, domain) => {
    sim.faults.add({
      kind: "fail-before",
      status,
      match: { path: "/events" },
      ...(code === undefined ? {} : { code }),
    });
    await expect(insert()).rejects.toMatchObject({
      status,
      response: { data: { error: { code: status, errors: [{ reason, domain }] } } },
    });
    expect(sim.ledger.events()).toEqual([]);
  });

  test("a time-out after success leaves an event that a get finds", async () => {
    sim.faults.add({ kind: "time-out-after", times: 1, match: { method: "POST", path: `${CALENDAR}/events` } });
    await expect(insert(150)).rejects.toThrow();
    expect((await events.get(at)).data.status).toBe("confirmed");
    await expect(insert()).rejects.toMatchObject(refusal(409, "duplicate"));
    expect(sim.faults.fired()).toMatchObject([{ kind: "time-out-after", method: "POST" }]);
  });

  test("a time-out before leaves nothing for the get to find", async () => {
    sim.faults.add({ kind: "time-out-before", times: 1, match: { bodyContains: EVENT_ID } });
    await expect(insert(150)).rejects.toThrow();
    await expect(events.get(at)).rejects.toMatchObject(refusal(404, "notFound"));
  });

  test("an error after a delete leaves it deleted", async () => {
    await insert();
    sim.faults.add({ kind: "error-after", status: 503, match: { method: "DELETE" } });
    await expect(events.delete(at)).rejects.toMatchObject(refusal(503, "backendError"));
    expect(sim.ledger.event(CALENDAR, EVENT_ID)?.status).toBe("cancelled");
  });

  test("a fault at the token endpoint is an OAuth error", async () => {
    sim.faults.add({ kind: "fail-before", status: 400, code: "invalid_grant", match: { path: "/token" } });
    await expect(insert()).rejects.toMatchObject({ response: { data: { error: "invalid_grant" } } });
  });

  test("an event deleted, moved or added by hand shows so over HTTP and in the ledger", async () => {
    await insert();
    const byHand = (change: object) =>
      fetch(`${sim.url}/_sim/by-hand`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ calendarId: CALENDAR, ...change }),
      });
    const times = { start: { dateTime: "2026-03-10T09:00:00Z" }, end: { dateTime: "2026-03-10T10:00:00Z" } };
    expect((await byHand({ action: "move", eventId: EVENT_ID, ...times })).status).toBe(200);
    const moved = (await events.get(at)).data;
    expect(Date.parse(moved.start?.dateTime ?? "")).toBe(Date.parse(times.start.dateTime));
    expect(moved.extendedProperties).toEqual(EVENT.extendedProperties);
    expect((await byHand({ action: "delete", eventId: EVENT_ID })).status).toBe(200);
    expect((await byHand({ action: "delete", eventId: EVENT_ID })).status).toBe(410);
    expect((await byHand({ action: "add", ...times })).status).toBe(200);
    expect((await byHand({ action: "paint" })).status).toBe(400);
    const ledger = await (await fetch(`${sim.url}/_sim/events?calendarId=${CALENDAR}`)).json();
    expect(ledger).toMatchObject({
      events: [
        { id: EVENT_ID, status: "cancelled", lastChangedBy: "hand" },
        { summary: "Busy", status: "confirmed", lastChangedBy: "hand" },
      ],
    });
  });

  test("a share of the calls fails, the same for the same seed, and only the operation that is named", async () => {
    const struck = async (seed: number): Promise<boolean[]> => {
      sim.faults.clear();
      sim.faults.add({ kind: "error-after", rate: 0.3, seed, match: { operation: "calendar.events.patch" } });
      const outcomes = [];
      for (let call = 0; call < 40; call += 1) {
        const patched = events.patch({ ...at, requestBody: { summary: String(call) } });
        outcomes.push(
          await patched.then(
            () => false,
            () => true,
          ),
        );
      }
      return outcomes;
    };
    await insert();
    const first = await struck(7);
    const share = first.filter(Boolean).length / first.length;
    expect(share).toBeGreaterThan(0.1);
    expect(share).toBeLessThan(0.5);
    expect(await struck(7)).toEqual(first);
    expect(await struck(8)).not.toEqual(first);
    expect((await events.get(at)).data.summary).toBe("39");
  });

  test("errors and lost answers can strike at random side by side", async () => {
    sim.faults.add({ kind: "fail-before", status: 503, rate: 0.5, seed: 1 });
    sim.faults.add({ kind: "time-out-after", rate: 0.5, seed: 2, delayMs: 1 });
    for (let call = 0; call < 20; call += 1) await events.list({ calendarId: CALENDAR }).catch(() => undefined);
    expect(new Set(sim.faults.fired().map(({ kind }) => kind))).toEqual(new Set(["fail-before", "time-out-after"]));
  });

  test("beyond the quota of a user or of the project calls are refused, until a minute has passed", async () => {
    const list = () => events.list({ calendarId: CALENDAR });
    sim.setQuota({ perUser: 1 });
    await list();
    await expect(list()).rejects.toMatchObject(refusal(403, "userRateLimitExceeded"));
    sim.setQuota({ perProject: 1 });
    await list();
    await expect(list()).rejects.toMatchObject(refusal(403, "rateLimitExceeded"));
    sim.setQuota({});
    await expect(list()).resolves.toBeDefined();
  });
});
