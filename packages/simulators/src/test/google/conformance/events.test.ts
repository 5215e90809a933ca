import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { dayOf, freshId, idOf, openTarget, refusal, type Target, timesOf } from "./target.ts";

describe("conformance: events of the Calendar API", () => {
  let target: Target;
  beforeAll(async () => {
    target = await openTarget();
  });
  afterAll(() => target.close());

  const at = (eventId: string) => ({ calendarId: target.calendarId, eventId });
  const marks = (appointment: string) => ({ extendedProperties: { private: { appointment, tenant: "t-1" } } });

  test("an event is kept under the client's id, with its private properties and instants", async () => {
    const inserted = await target.insert({ day: dayOf(0), hour: 9, ...marks("a-1") });
    const { data } = await target.api.events.get(at(idOf(inserted)));
    expect(data).toMatchObject({ id: inserted.id, kind: "calendar#event", status: "confirmed", ...marks("a-1") });
    expect(Date.parse(data.start?.dateTime ?? "")).toBe(Date.parse(`${dayOf(0)}T09:00:00Z`));
    expect(Date.parse(data.end?.dateTime ?? "")).toBe(Date.parse(`${dayOf(0)}T10:00:00Z`));
    expect(data.etag).toEqual(expect.any(String));
  });

  test("an id that is taken is a 409, also by a deleted event", async () => {
    const id = idOf(await target.insert({ day: dayOf(1), hour: 9 }));
    await expect(target.insert({ day: dayOf(1), hour: 9, id })).rejects.toMatchObject(refusal(409, "duplicate"));
    await target.api.events.delete(at(id));
    await expect(target.insert({ day: dayOf(1), hour: 9, id })).rejects.toMatchObject(refusal(409, "duplicate"));
  });

  test("a deleted event stays as cancelled, is gone for a second delete, and is revived by an update", async () => {
    const id = idOf(await target.insert({ day: dayOf(2), hour: 9, ...marks("a-2") }));
    await target.api.events.delete({ ...at(id), sendUpdates: "none" });
    expect((await target.api.events.get(at(id))).data.status).toBe("cancelled");
    await expect(target.api.events.delete(at(id))).rejects.toMatchObject(refusal(410, "deleted"));
    const requestBody = { summary: "Again", ...timesOf(dayOf(2), 11), ...marks("a-2") };
    expect((await target.api.events.update({ ...at(id), requestBody })).data.status).toBe("confirmed");
    expect((await target.api.events.get(at(id))).data).toMatchObject({ summary: "Again", ...marks("a-2") });
  });

  test("a patch merges, null removes, and an update replaces", async () => {
    const id = idOf(await target.insert({ day: dayOf(3), hour: 9, location: "Room 1", ...marks("a-3") }));
    const moved = { ...timesOf(dayOf(3), 14), extendedProperties: { private: { moved: "yes" } } };
    const patched = (await target.api.events.patch({ ...at(id), requestBody: { ...moved, location: null } })).data;
    expect(patched.extendedProperties?.private).toEqual({ appointment: "a-3", tenant: "t-1", moved: "yes" });
    expect(patched).toMatchObject({ summary: "Conformance" });
    expect(patched.location ?? "").toBe("");
    expect(Date.parse(patched.start?.dateTime ?? "")).toBe(Date.parse(moved.start.dateTime));
    const updated = (await target.api.events.update({ ...at(id), requestBody: moved })).data;
    expect(updated.summary ?? "").toBe("");
    expect(updated.extendedProperties?.private).toEqual({ moved: "yes" });
  });

  test("a write with an ETag that is out of date is a 412 and changes nothing", async () => {
    const event = await target.insert({ day: dayOf(4), hour: 9 });
    const patch = (summary: string) =>
      target.api.events.patch(
        { ...at(idOf(event)), requestBody: { summary } },
        { headers: { "If-Match": event.etag ?? "" } },
      );
    await patch("first");
    await expect(patch("second")).rejects.toMatchObject(refusal(412, "conditionNotMet"));
    expect((await target.api.events.get(at(idOf(event)))).data.summary).toBe("first");
  });

  test("an event that never was is a 404, and so is a calendar", async () => {
    await expect(target.api.events.get(at(freshId()))).rejects.toMatchObject(refusal(404, "notFound"));
    const elsewhere = target.api.events.get({ calendarId: `${freshId()}@example.com`, eventId: freshId() });
    await expect(elsewhere).rejects.toMatchObject(refusal(404, "notFound"));
  });

  test("a token that nobody gave is a 401", async () => {
    await expect(target.strangers.events.get(at(freshId()))).rejects.toMatchObject(refusal(401, "authError"));
  });

  test.each([
    ["an id with a letter after v", { id: "wxyzwxyz" }, "invalid"],
    ["no end", { end: {} }, "required"],
    ["an end before the start", { end: { dateTime: `${dayOf(5)}T08:00:00Z` } }, "timeRangeEmpty"],
    ["a day and an hour", { end: { date: dayOf(6) } }, "invalid"],
  ])("%s is refused", async (_title, wrong, reason) => {
    const insert = target.insert({ day: dayOf(5), hour: 9, ...wrong });
    await expect(insert).rejects.toMatchObject(refusal(400, reason));
  });

  test("a notification channel opens and closes", async () => {
    if (target.webhookUrl === undefined) return;
    const { calendarId, webhookUrl: address } = target;
    const requestBody = { id: freshId(), type: "web_hook", address, token: "secret" };
    const { data } = await target.api.events.watch({ calendarId, requestBody });
    expect(data).toMatchObject({ kind: "api#channel", id: requestBody.id, resourceId: expect.any(String) });
    expect(Number(data.expiration)).toBeGreaterThan(Date.now());
    const channel = { id: requestBody.id, resourceId: data.resourceId ?? "" };
    await target.api.channels.stop({ requestBody: channel });
    await expect(target.api.channels.stop({ requestBody: channel })).rejects.toMatchObject({ status: 404 });
  });
});
