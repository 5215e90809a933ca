import { BookproofError, type Reason } from "@bookproof/errors";
import { expect, test } from "@jest/globals";
import { type AttemptCalendar, type EventSeen, proveCalendarEvent } from "./prove-calendar-event.ts";

/** A calendar that answers each insert and each get with the next of the given outcomes. */
function calendarAnswering(inserts: ("ok" | Reason)[], gets: (EventSeen | Reason)[]) {
  const asked: string[] = [];
  const calendar: AttemptCalendar = {
    async insert() {
      asked.push("insert");
      const next = inserts.shift();
      if (next !== "ok") throw new BookproofError(next ?? "internal");
    },
    async get() {
      asked.push("get");
      const next = gets.shift() ?? "internal";
      if (next === "ours" || next === "absent" || next === "not_ours") return next;
      throw new BookproofError(next);
    },
  };
  return { calendar, asked };
}

const cases: {
  title: string;
  inserts: ("ok" | Reason)[];
  gets: (EventSeen | Reason)[];
  asked: string;
  verdict: object;
}[] = [
  { title: "an inserted event is proven", inserts: ["ok"], gets: [], asked: "insert", verdict: { proven: true } },
  {
    title: "a time-out after success is proven by get",
    inserts: ["calendar_outcome_unknown"],
    gets: ["ours"],
    asked: "insert get",
    verdict: { proven: true },
  },
  {
    title: "a collision that is our own event is proven",
    inserts: ["calendar_event_exists"],
    gets: ["ours"],
    asked: "insert get",
    verdict: { proven: true },
  },
  {
    title: "a collision with somebody else's event proves nothing",
    inserts: ["calendar_event_exists"],
    gets: ["not_ours"],
    asked: "insert get",
    verdict: { proven: false, cause: "calendar_refused", insertOutcomeUnknown: true },
  },
  {
    title: "an insert that get says absent is tried once more",
    inserts: ["calendar_outcome_unknown", "ok"],
    gets: ["absent"],
    asked: "insert get insert",
    verdict: { proven: true },
  },
  {
    title: "twice unknown and absent fails, and the event is looked for later",
    inserts: ["calendar_outcome_unknown", "calendar_outcome_unknown"],
    gets: ["absent", "absent"],
    asked: "insert get insert get",
    verdict: { proven: false, cause: "calendar_outcome_unknown", insertOutcomeUnknown: true },
  },
  {
    title: "an unreadable calendar fails at once",
    inserts: ["calendar_outcome_unknown"],
    gets: ["calendar_unreadable"],
    asked: "insert get",
    verdict: { proven: false, cause: "calendar_outcome_unknown", insertOutcomeUnknown: true },
  },
  {
    title: "a refused insert is tried once more and then certain",
    inserts: ["calendar_refused", "calendar_refused"],
    gets: [],
    asked: "insert insert",
    verdict: { proven: false, cause: "calendar_refused", insertOutcomeUnknown: false },
  },
  {
    title: "a disconnected calendar is not tried again",
    inserts: ["calendar_disconnected"],
    gets: [],
    asked: "insert",
    verdict: { proven: false, cause: "calendar_disconnected", insertOutcomeUnknown: false },
  },
  {
    title: "a dead calendar service leaves the outcome unknown",
    inserts: ["unavailable"],
    gets: ["unavailable"],
    asked: "insert get",
    verdict: { proven: false, cause: "unavailable", insertOutcomeUnknown: true },
  },
];

test.each(cases)("$title", async ({ inserts, gets, asked, verdict }) => {
  const scripted = calendarAnswering([...inserts], [...gets]);
  expect(await proveCalendarEvent(scripted.calendar)).toEqual(verdict);
  expect(scripted.asked.join(" ")).toBe(asked);
});
