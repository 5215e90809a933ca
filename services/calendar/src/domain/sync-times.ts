import type { Reason } from "@bookproof/errors";
import type { SyncSettings } from "../config.ts";

/** When a calendar is asked about again, in milliseconds: a fifth sooner or later, so that many do not ask at once. */
export function nextSyncMs({ everyMs }: SyncSettings, random = Math.random()): number {
  return Math.round(everyMs * (0.8 + 0.4 * random));
}

/**
 * How long a calendar is left alone after a failure, in milliseconds: twice as long as after the one before, up to a quarter less, so that
 * many do not come back at once.
 * @param failures in a row, this one included
 */
export function backOffMs(settings: SyncSettings, reason: Reason, failures: number, random = Math.random()): number {
  const { first, longest } = reason === "calendar_rate_limited" ? settings.slowDownMs : settings.retryMs;
  return Math.round(Math.min(first * 2 ** (failures - 1), longest) * (1 - random / 4));
}

/** The span whose busy times are kept. */
export function keptSpan({ days }: SyncSettings, now: Date) {
  const day = 24 * 60 * 60_000;
  return { from: new Date(now.getTime() - days.past * day), to: new Date(now.getTime() + days.ahead * day) };
}

/** Whether the span that is known reaches less far ahead than it should by a day. */
export function isSpanUsedUp(settings: SyncSettings, now: Date, busyTo: Date): boolean {
  return keptSpan(settings, now).to.getTime() - busyTo.getTime() > 24 * 60 * 60_000;
}
