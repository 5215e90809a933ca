import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type GoogleSimulator, startGoogleSimulator } from "../../index.ts";
import { eventually } from "../poll.ts";
import { CALENDAR, EVENT, googleClient, refusal } from "./client.ts";

const calendarId = CALENDAR;

describe("push notifications of the Google simulator", () => {
  let sim: GoogleSimulator;
  let receiver: Server;
  let address: string;
  let received: IncomingHttpHeaders[];
  let statuses: number[];
  let clock: number;
  let client: ReturnType<typeof googleClient>;

  beforeEach(async () => {
    clock = Date.now();
    received = [];
    statuses = [];
    receiver = createServer((request, response) => {
      received.push(request.headers);
      response.writeHead(statuses.shift() ?? 200).end();
    });
    await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
    address = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
    sim = await startGoogleSimulator({ now: () => clock });
    client = googleClient(sim.url);
  });
  afterEach(async () => {
    await sim.close();
    receiver.closeAllConnections();
    receiver.close();
  });

  const watch = (change: object = {}) =>
    client.events.watch({
      calendarId,
      requestBody: { id: "channel-1", type: "web_hook", address, token: "secret", ...change },
    });
  const insert = () => client.events.insert({ calendarId, requestBody: { ...EVENT, id: null } });
  const states = (count: number) =>
    eventually(() =>
      received.length < count ? undefined : received.map((headers) => headers["x-goog-resource-state"]),
    );

  test("a channel opens with a sync, then tells of changes by whoever, and carries the token", async () => {
    const { data } = await watch();
    expect(data).toMatchObject({ kind: "api#channel", id: "channel-1", token: "secret" });
    expect(Number(data.expiration)).toBe(clock + 7 * 24 * 3600_000);
    await insert();
    sim.changeByHand({ action: "block-day", calendarId, date: "2026-03-10" });
    expect(new Set(await states(3))).toEqual(new Set(["sync", "exists"]));
    expect(received.find((headers) => headers["x-goog-resource-state"] === "sync")).toMatchObject({
      "x-goog-channel-id": "channel-1",
      "x-goog-channel-token": "secret",
      "x-goog-message-number": "1",
      "x-goog-resource-id": data.resourceId,
      "x-goog-channel-expiration": new Date(Number(data.expiration)).toUTCString(),
    });
  });

  test("nothing comes of another calendar, after the channel's end, or once it is stopped", async () => {
    const { data } = await watch({ expiration: String(clock + 60_000) });
    await client.events.insert({ calendarId: "other@group.calendar.google.com", requestBody: EVENT });
    clock += 60_000;
    await insert();
    await watch({ id: "channel-2" });
    const stop = () => client.channels.stop({ requestBody: { id: "channel-2", resourceId: data.resourceId ?? "" } });
    expect((await stop()).status).toBe(204);
    await expect(stop()).rejects.toMatchObject(refusal(404, "channelUnknown"));
    await insert();
    expect(sim.notifications().map(({ channelId, state }) => [channelId, state])).toEqual([
      ["channel-1", "sync"],
      ["channel-2", "sync"],
    ]);
  });

  test("a receiver in trouble gets it again; what is lost is only noted", async () => {
    statuses = [503];
    await watch();
    expect(await states(2)).toEqual(["sync", "sync"]);
    sim.setPushDelivery(false);
    await insert();
    expect(sim.notifications().at(-1)).toMatchObject({ state: "exists", messageNumber: 2 });
    expect(received).toHaveLength(2);
  });

  test("refuses a taken id, an address without TLS, and another person's stop", async () => {
    const { data } = await watch();
    await expect(watch()).rejects.toMatchObject(refusal(400, "channelIdNotUnique"));
    const plain = watch({ id: "channel-2", address: "http://book.example.com/hook" });
    await expect(plain).rejects.toMatchObject(refusal(400, "push.webhookUrlNotHttps"));
    const { channels } = googleClient(sim.url, "refresh-other");
    const stop = channels.stop({ requestBody: { id: "channel-1", resourceId: data.resourceId ?? "" } });
    await expect(stop).rejects.toMatchObject(refusal(404, "channelUnknown"));
  });
});
