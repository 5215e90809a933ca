import { reasonOf } from "@bookproof/errors";
import { countCalendarError } from "@bookproof/telemetry";
import type { CalendarProvider } from "../domain/calendar-provider.ts";

/** A provider whose failed operations are counted by their reason; it is opened for each, since opening can fail too. */
export function countFailures(provider: "google" | "builtin", open: () => CalendarProvider): CalendarProvider {
  async function counted<T>(
    operation: keyof CalendarProvider,
    ask: (calendar: CalendarProvider) => Promise<T>,
  ): Promise<T> {
    try {
      return await ask(open());
    } catch (error) {
      countCalendarError({ operation, reason: reasonOf(error), provider });
      throw error;
    }
  }
  return {
    busy: (range) => counted("busy", (calendar) => calendar.busy(range)),
    insert: (event) => counted("insert", (calendar) => calendar.insert(event)),
    patch: (event) => counted("patch", (calendar) => calendar.patch(event)),
    get: (id) => counted("get", (calendar) => calendar.get(id)),
    ownEvents: (range) => counted("ownEvents", (calendar) => calendar.ownEvents(range)),
    changes: (since) => counted("changes", (calendar) => calendar.changes(since)),
    delete: (id) => counted("delete", (calendar) => calendar.delete(id)),
  };
}
