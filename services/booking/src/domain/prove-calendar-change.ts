import { type Reason, reasonOf } from "@bookproof/errors";

/**
 * What reading the event back showed of the change that was wanted. Only `done` proves anything: booked: live, this appointment's, at this
 * time; moved: the same, at the new time; cancelled: gone. `undone`: as it was before. `other`: neither of the two.
 */
export type ChangeSeen = "done" | "undone" | "other";

/** The calendar, as one attempt needs it. Both throw a BookproofError when they did not get a clear answer. */
export interface AttemptCalendar {
  write(): Promise<void>;
  look(): Promise<ChangeSeen>;
  /** Whether the answer to a write shows the event as it was stored; otherwise it is read back. */
  writeProves: boolean;
}

/** `outcomeUnknown`: a write may still take effect, so it must be undone until that is proven. */
export type ChangeVerdict = { proven: true } | { proven: false; cause: Reason; outcomeUnknown: boolean };

const maxWrites = 2;
const hopeless: ReadonlySet<Reason> = new Set([
  "calendar_disconnected",
  "calendar_not_connected",
  "calendar_not_found",
  "too_late",
]);
const surelyUndone: ReadonlySet<Reason> = new Set(["calendar_refused", "calendar_rate_limited"]);

/**
 * Step C of the saga: writes the change to the one event and finds out what became of it. A write that was refused, or that
 * reading back shows undone, is tried once more; one whose fate cannot be read fails at once.
 */
export async function proveCalendarChange(calendar: AttemptCalendar): Promise<ChangeVerdict> {
  let outcomeUnknown = false;
  for (let writes = 1; ; writes++) {
    const failed = await tryToWrite(calendar);
    if (!failed && calendar.writeProves) return { proven: true };
    const cause = failed ?? "calendar_outcome_unknown";
    if (hopeless.has(cause)) return { proven: false, cause, outcomeUnknown };
    if (!surelyUndone.has(cause)) {
      outcomeUnknown = true;
      const seen = await readBack(calendar);
      if (seen === "done") return { proven: true };
      if (seen === "unreadable") return { proven: false, cause, outcomeUnknown };
      if (seen === "other") return { proven: false, cause: "calendar_refused", outcomeUnknown };
    }
    if (writes === maxWrites) return { proven: false, cause, outcomeUnknown };
  }
}

/** @returns why the write failed, if it did. */
async function tryToWrite(calendar: AttemptCalendar): Promise<Reason | undefined> {
  try {
    await calendar.write();
    return undefined;
  } catch (error) {
    return reasonOf(error);
  }
}

async function readBack(calendar: AttemptCalendar): Promise<ChangeSeen | "unreadable"> {
  try {
    return await calendar.look();
  } catch {
    return "unreadable"; // the verdict says so: the attempt fails, the write is undone
  }
}
