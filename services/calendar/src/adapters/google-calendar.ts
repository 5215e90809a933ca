import { BookproofError, type Reason } from "@bookproof/errors";
import type { calendar_v3 } from "@googleapis/calendar";
import type { GoogleTimes } from "../config.ts";
import type { BusySpan, CalendarProvider } from "../domain/calendar-provider.ts";
import { type Span, splitSpan } from "../domain/span.ts";
import { marksOf, readBusy, readEvent } from "./google-answers.ts";
import type { GoogleClient } from "./google-client.ts";
import { GoogleFailure, type GoogleFailureKind } from "./google-failure.ts";

/** freebusy.query answers "The requested time range is too long" somewhere beyond this. */
const longestBusyRangeMs = 60 * 24 * 60 * 60_000;

type Verb = "busy" | "insert" | "get" | "delete";

const readReasons: Record<GoogleFailureKind, Reason> = {
  grant_gone: "calendar_disconnected",
  unauthorized: "calendar_disconnected",
  rate_limited: "calendar_rate_limited",
  exists: "calendar_unreadable",
  absent: "calendar_unreadable",
  refused: "calendar_unreadable",
  unanswered: "calendar_unreadable",
};
const writeReasons: Record<GoogleFailureKind, Reason> = {
  ...readReasons,
  exists: "calendar_event_exists",
  absent: "calendar_refused",
  refused: "calendar_refused",
  unanswered: "calendar_outcome_unknown",
};

/** A calendar whose events are kept at Google. `failed` hears of every failure before it is thrown. */
export function createGoogleCalendar(options: {
  client: GoogleClient;
  tenantId: string;
  googleCalendarId: string;
  timeZone: string;
  times: GoogleTimes;
  now: () => number;
  failed: (failure: GoogleFailure, reason: Reason, verb: Verb) => Promise<void>;
}): CalendarProvider {
  const { client, times, now, failed } = options;
  const calendarId = options.googleCalendarId;

  /** Asks and gives what Google answered, or the failure that `expected` names. */
  async function ask<T>(
    verb: Verb,
    timeoutMs: number,
    work: Parameters<typeof client.call<T>>[0],
    expected: GoogleFailureKind[] = [],
  ): Promise<T | undefined> {
    try {
      return await client.call(work, timeoutMs);
    } catch (error) {
      if (!(error instanceof GoogleFailure)) throw error;
      if (error.sent && expected.includes(error.kind)) return undefined;
      const reason = reasonOf(error, verb);
      await failed(error, reason, verb);
      throw new BookproofError(reason, undefined, { cause: error });
    }
  }
  return undefined as never;
}
