import { describe, expect, test } from "@jest/globals";
import type { TenantHistory } from "../history.ts";
import {
  alertBody,
  bookedHistory,
  business,
  customer,
  escalatedHistory,
  owner,
  slotAt,
  start,
  text,
} from "./a-history.ts";
import { type Case, changed, first, invariantsOf } from "./judging.ts";

test("3: a second alert without a send that ended unknown is seen", () => {
  const twice = changed(escalatedHistory, ({ ledgers }) => {
    ledgers.messages.push(text(business, owner, alertBody("calendar_failed_after_confirm"), 9_000));
  });
  expect(invariantsOf(twice)).toEqual(["one_alert"]);
  const cut = { from: start + 7_500, to: start + 8_000 };
  expect(invariantsOf(twice, { cuts: [cut] })).toEqual([]);
});

describe("4: a calendar that does not fit is seen", () => {
  const later = (history: TenantHistory) => first(history.ledgers.writes);
  test.each<Case>([
    [
      "the event vanished after the claim",
      changed(bookedHistory, (history) => {
        history.ledgers.writes.push({
          ...later(history),
          action: "delete",
          status: "cancelled",
          acceptedAt: start + 9_000,
        });
      }),
    ],
    ["an orphan", changed(escalatedHistory, ({ ledgers }) => (ledgers.writes = bookedHistory().ledgers.writes))],
    [
      "two events of one appointment",
      changed(bookedHistory, (history) => {
        const at = slotAt + 86_400_000;
        history.ledgers.writes.push({ ...later(history), eventId: "second", startAt: at, endAt: at + 1 });
      }),
    ],
    [
      "overlapping holds",
      changed(bookedHistory, ({ tables }) => {
        tables.holds.push({ ...first(tables.holds), id: "second", status: "kept" });
      }),
    ],
    [
      "overlapping appointments",
      changed(bookedHistory, ({ tables }) => {
        tables.appointments.push({ ...first(tables.appointments), id: "second" });
      }),
    ],
  ])("%s", (_what, history) => {
    expect(invariantsOf(history)).toContain("one_event");
  });
});

describe("5: what crosses a tenant is seen", () => {
  const stranger = "+15559990001";
  test.each<Case>([
    [
      "an alert to another's owner",
      changed(escalatedHistory, ({ ledgers }) => (first(ledgers.messages.slice(-1)).to = stranger)),
    ],
    [
      "an alert about another's customer",
      changed(escalatedHistory, ({ ledgers }) => (first(ledgers.messages.slice(-1)).body += ` ${stranger}`)),
    ],
    [
      "another's name",
      changed(bookedHistory, (history) => {
        history.others = [{ ...history.tenant, id: "other", name: "Harbor Plumbing" }];
        first(history.ledgers.messages.slice(1)).body += " Harbor Plumbing";
      }),
    ],
    [
      "an event in a calendar of another's",
      changed(bookedHistory, ({ ledgers }) => {
        ledgers.writes.push({ ...first(ledgers.writes), calendarId: "van@google" });
      }),
    ],
    [
      "an event of another's in ours",
      changed(bookedHistory, ({ ledgers }) => {
        const privateProperties = { bookproof_appointment_id: "x", bookproof_tenant_id: "other" };
        ledgers.writes.push({ ...first(ledgers.writes), eventId: "foreign", privateProperties });
      }),
    ],
    [
      "a row of another's customer",
      changed(bookedHistory, ({ tables }) => (first(tables.appointments).customerPhone = stranger)),
    ],
  ])("%s", (_what, history) => {
    expect(invariantsOf(history)).toContain("no_crossing");
  });
});

describe("5: a text after STOP is seen", () => {
  const stopped = (body: string, at: number) =>
    changed(bookedHistory, ({ tables, ledgers }) => {
      const stop = text(customer, business, "Stop", 10_000);
      ledgers.messages.push(stop);
      tables.inbound.push({
        ...{ ...first(tables.inbound), messageSid: stop.sid, body: stop.body, receivedAt: stop.acceptedAt },
        disposition: "opt_out_recorded",
      });
      const sent = text(business, customer, body, at);
      ledgers.messages.push(sent);
      tables.outgoing.push({ ...first(tables.outgoing), id: sent.sid, sentBody: body, providerSid: sent.sid });
    });
  test("but not one that was on its way", () => {
    expect(invariantsOf(stopped("Anything else?", 12_000))).toEqual(["no_text_after_stop"]);
    expect(invariantsOf(stopped("Anything else?", 10_400))).toEqual([]);
  });
  test("also one that Twilio alone held back", () => {
    const tried = changed(bookedHistory, ({ tables, ledgers }) => {
      first(tables.inbound).body = "STOP";
      ledgers.refused.push({ from: business, to: customer, body: "hi", code: 21610, refusedAt: start + 20_000 });
    });
    expect(invariantsOf(tried)).toContain("no_text_after_stop");
  });
  test("and so is one to a blocked number", () => {
    expect(invariantsOf(bookedHistory(), { blocklist: [customer] })).toEqual(["no_text_after_stop"]);
  });
});
