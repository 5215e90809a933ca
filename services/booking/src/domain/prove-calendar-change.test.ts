import { BookproofError, type Reason } from "@bookproof/errors";
import { expect, test } from "@jest/globals";
import { type AttemptCalendar, type ChangeSeen, proveCalendarChange } from "./prove-calendar-change.ts";

/** A calendar that answers each insert and each get with the next of the given outcomes. */
function calendarAnswering(writes: ("ok" | Reason)[], looks: (ChangeSeen | Reason)[], writeProves = true) {
  const asked: string[] = [];
  const calendar: AttemptCalendar = {
    writeProves,
    async write() {
      asked.push("write");
      const next = writes.shift();
      if (next !== "ok") throw new BookproofError(next ?? "internal");
    },
    async look() {
      asked.push("look");
      const next = looks.shift() ?? "internal";
      if (next === "done" || next === "undone" || next === "other") return next;
      throw new BookproofError(next);
    },
  };
  return { calendar, asked };
}

const cases: {
  title: string;
  writes: ("ok" | Reason)[];
  looks: (ChangeSeen | Reason)[];
  asked: string;
  verdict: object;
}[] = [
  { title: "an inserted event is proven", writes: ["ok"], looks: [], asked: "write", verdict: { proven: true } },
  {
    title: "a time-out after success is proven by get",
    writes: ["calendar_outcome_unknown"],
    looks: ["done"],
    asked: "write look",
    verdict: { proven: true },
  },
  {
    title: "a collision that is our own event is proven",
    writes: ["calendar_event_exists"],
    looks: ["done"],
    asked: "write look",
    verdict: { proven: true },
  },
  {
    title: "a collision with somebody else's event proves nothing",
    writes: ["calendar_event_exists"],
    looks: ["other"],
    asked: "write look",
    verdict: { proven: false, cause: "calendar_refused", outcomeUnknown: true },
  },
  {
    title: "an insert that get says absent is tried once more",
    writes: ["calendar_outcome_unknown", "ok"],
    looks: ["undone"],
    asked: "write look write",
    verdict: { proven: true },
  },
  {
    title: "twice unknown and absent fails, and the event is looked for later",
    writes: ["calendar_outcome_unknown", "calendar_outcome_unknown"],
    looks: ["undone", "undone"],
    asked: "write look write look",
    verdict: { proven: false, cause: "calendar_outcome_unknown", outcomeUnknown: true },
  },
  {
    title: "an unreadable calendar fails at once",
    writes: ["calendar_outcome_unknown"],
    looks: ["calendar_unreadable"],
    asked: "write look",
    verdict: { proven: false, cause: "calendar_outcome_unknown", outcomeUnknown: true },
  },
  {
    title: "a refused insert is tried once more and then certain",
    writes: ["calendar_refused", "calendar_refused"],
    looks: [],
    asked: "write write",
    verdict: { proven: false, cause: "calendar_refused", outcomeUnknown: false },
  },
  {
    title: "a disconnected calendar is not tried again",
    writes: ["calendar_disconnected"],
    looks: [],
    asked: "write",
    verdict: { proven: false, cause: "calendar_disconnected", outcomeUnknown: false },
  },
  {
    title: "a dead calendar service leaves the outcome unknown",
    writes: ["unavailable"],
    looks: ["unavailable"],
    asked: "write look",
    verdict: { proven: false, cause: "unavailable", outcomeUnknown: true },
  },
];

test.each(cases)("$title", async ({ writes, looks, asked, verdict }) => {
  const scripted = calendarAnswering([...writes], [...looks]);
  expect(await proveCalendarChange(scripted.calendar)).toEqual(verdict);
  expect(scripted.asked.join(" ")).toBe(asked);
});

test.each<{ title: string; writes: ("ok" | Reason)[]; looks: (ChangeSeen | Reason)[]; asked: string; verdict: object }>(
  [
    { title: "shows it", writes: ["ok"], looks: ["done"], asked: "write look", verdict: { proven: true } },
    {
      title: "shows it undone: written once more",
      writes: ["ok", "ok"],
      looks: ["undone", "done"],
      asked: "write look write look",
      verdict: { proven: true },
    },
    {
      title: "cannot be had: no proof, and it may have happened",
      writes: ["ok"],
      looks: ["calendar_unreadable"],
      asked: "write look",
      verdict: { proven: false, cause: "calendar_outcome_unknown", outcomeUnknown: true },
    },
  ],
)("a write whose answer is no proof is read back, which $title", async ({ writes, looks, asked, verdict }) => {
  const scripted = calendarAnswering([...writes], [...looks], false);
  expect(await proveCalendarChange(scripted.calendar)).toEqual(verdict);
  expect(scripted.asked.join(" ")).toBe(asked);
});
