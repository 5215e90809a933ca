import { expect, test } from "@jest/globals";
import { syncSettings } from "../config.ts";
import { backOffMs, isSpanUsedUp, keptSpan, nextSyncMs } from "./sync-times.ts";

test("a calendar is asked about every 20 to 30 seconds", () => {
  expect([nextSyncMs(syncSettings, 0), nextSyncMs(syncSettings, 1)]).toEqual([20_000, 30_000]);
});

test("failures put it off for longer each time, and Google's wish for longer than others, up to five minutes", () => {
  const waits = (reason: Parameters<typeof backOffMs>[1]) =>
    [1, 2, 3, 4, 5, 50].map((failures) => backOffMs(syncSettings, reason, failures, 0) / 1_000);
  expect(waits("calendar_rate_limited")).toEqual([30, 60, 120, 240, 300, 300]);
  expect(waits("calendar_unreadable")).toEqual([5, 10, 20, 40, 60, 60]);
  expect(backOffMs(syncSettings, "calendar_rate_limited", 1, 1)).toBe(22_500);
});

test("the span that is kept known is asked for in two questions, and anew once it is a day short", () => {
  const now = new Date("2026-03-09T00:00:00Z");
  const span = keptSpan(syncSettings, now);
  expect(span).toEqual({ from: new Date("2026-03-07T00:00:00Z"), to: new Date("2026-07-05T00:00:00Z") });
  expect((span.to.getTime() - span.from.getTime()) / 86_400_000).toBe(120);
  expect(isSpanUsedUp(syncSettings, new Date("2026-03-10T00:00:00Z"), span.to)).toBe(false);
  expect(isSpanUsedUp(syncSettings, new Date("2026-03-10T00:00:01Z"), span.to)).toBe(true);
});
