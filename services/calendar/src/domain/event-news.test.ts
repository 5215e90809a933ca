import { expect, test } from "@jest/globals";
import { eventNews, type SeenEvent } from "./event-news.ts";

const at = (hour: number) => ({
  from: new Date(Date.UTC(2026, 2, 9, hour)),
  to: new Date(Date.UTC(2026, 2, 9, hour + 1)),
});
const from = at(0).from;
const known: SeenEvent = { id: "event1", appointmentId: "a1", live: true, declined: false, span: at(10) };
const told = (...events: SeenEvent[]) => ({
  events: events.map((event) => ({ ...event, summary: "" })),
  complete: false,
  from,
});

test.each([
  ["as it was", known, []],
  ["moved", { ...known, span: at(11) }, [{ ...known, span: at(11) }]],
  ["declined", { ...known, declined: true }, [{ ...known, declined: true }]],
  ["robbed of its marks", { ...known, appointmentId: "" }, []],
  ["robbed of its marks and moved", { ...known, appointmentId: "", span: at(11) }, [{ ...known, span: at(11) }]],
  [
    "deleted, told by its id alone",
    { ...known, appointmentId: "", live: false, span: undefined },
    [{ ...known, live: false }],
  ],
])("an event of ours that is %s", (_, event, news) => {
  expect(eventNews(told(event), [known])).toEqual(news);
});

test("an event with our marks that is not known is news while it is live, and one of others never is", () => {
  expect(eventNews(told(known), [])).toEqual([known]);
  expect(eventNews(told({ ...known, live: false }), [])).toEqual([]);
  expect(eventNews(told({ ...known, appointmentId: "" }), [])).toEqual([]);
});

test("one that was deleted and is back is news, and one that stays deleted is not", () => {
  const deleted = { ...known, live: false };
  expect(eventNews(told(known), [deleted])).toEqual([known]);
  expect(eventNews(told({ ...deleted, span: at(11) }), [deleted])).toEqual([]);
});

test("what a complete list lacks is gone, unless it was deleted before or is over", () => {
  const all = [known, { ...known, id: "event2", live: false }, { ...known, id: "event3", span: at(-3) }];
  expect(eventNews({ ...told(), complete: true }, all)).toEqual([{ ...known, live: false }]);
  expect(eventNews(told(), all)).toEqual([]);
});
