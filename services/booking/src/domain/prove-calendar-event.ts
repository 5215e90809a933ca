import { hasReason, type Reason, reasonOf } from "@bookproof/errors";

/** What reading an event back showed. Only `ours` proves anything: live, this appointment's, at this time. */
export type EventSeen = "ours" | "absent" | "not_ours";

/** The calendar, as one attempt needs it. Both throw a BookproofError when they did not get a clear answer. */
export interface AttemptCalendar {
  insert(): Promise<void>;
  get(): Promise<EventSeen>;
}

/** `insertOutcomeUnknown`: an insert may still land, so the event must be taken back until it is proven absent. */
export type EventVerdict = { proven: true } | { proven: false; cause: Reason; insertOutcomeUnknown: boolean };

const maxInserts = 2;

/**
 * Step C of the saga: inserts the event under its one id and finds out what became of it. A refused insert, or one
 * that `get` proves absent, is tried once more; an insert whose fate cannot be read fails at once.
 */
export async function proveCalendarEvent(calendar: AttemptCalendar): Promise<EventVerdict> {
  let insertOutcomeUnknown = false;
  for (let inserts = 1; ; inserts++) {
    let cause: Reason;
    try {
      await calendar.insert();
      return { proven: true };
    } catch (error) {
      cause = reasonOf(error);
      if (hasReason(error, "calendar_disconnected", "calendar_not_connected", "calendar_not_found", "too_late")) {
        return { proven: false, cause, insertOutcomeUnknown };
      }
      if (!hasReason(error, "calendar_refused", "calendar_rate_limited")) {
        insertOutcomeUnknown = true;
        const seen = await readBack(calendar);
        if (seen === "ours") return { proven: true };
        if (seen === "unreadable") return { proven: false, cause, insertOutcomeUnknown };
        if (seen === "not_ours") return { proven: false, cause: "calendar_refused", insertOutcomeUnknown };
      }
    }
    if (inserts === maxInserts) return { proven: false, cause, insertOutcomeUnknown };
  }
}

async function readBack(calendar: AttemptCalendar): Promise<EventSeen | "unreadable"> {
  try {
    return await calendar.get();
  } catch {
    return "unreadable"; // the verdict says so: the attempt fails, the event is taken back
  }
}
