import { describe, expect, test } from "@jest/globals";
import { checkHistory } from "../check-history.ts";
import type { TenantHistory } from "../history.ts";
import type { CheckOptions, Invariant } from "../verdict.ts";
import {
  alertBody,
  appointmentId,
  bookedHistory,
  business,
  customer,
  escalatedHistory,
  owner,
  resolvedBody,
  slotAt,
  start,
  tenantId,
  text,
} from "./a-history.ts";

const options: CheckOptions = { healedAt: start, readAt: start + 120_000, attemptDeadlineMs: 6_000 };

const invariantsOf = (history: TenantHistory, more: Partial<CheckOptions> = {}): Invariant[] => [
  ...new Set(checkHistory(history, { ...options, ...more }).violations.map(({ invariant }) => invariant)),
];

/** The first of a list that a made history is known to have. */
function first<T>(list: T[]): T {
  const [item] = list;
  if (item === undefined) throw new Error("the made history lacks what the test changes");
  return item;
}

const changed = (from: () => TenantHistory, change: (history: TenantHistory) => void): TenantHistory => {
  const history = from();
  change(history);
  return history;
};

type Case = [what: string, history: TenantHistory];

describe("a history that holds", () => {
  test.each<Case>([
    ["a booking", bookedHistory()],
    ["a failed attempt that the owner heard of", escalatedHistory()],
    [
      "an unknown outcome that was resolved",
      changed(bookedHistory, ({ tables, ledgers }) => {
        tables.escalations = escalatedHistory().tables.escalations.map((row) => ({
          ...row,
          reason: "booking_outcome_unknown",
          status: "resolved",
        }));
        ledgers.messages.push(text(business, owner, alertBody("booking_outcome_unknown"), 26_000));
        ledgers.messages.push(text(business, owner, resolvedBody, 30_000));
      }),
    ],
    [
      "a second alert after a look-up that failed",
      changed(escalatedHistory, ({ ledgers }) => {
        ledgers.messages.push(text(business, owner, alertBody("calendar_failed_after_confirm"), 9_000));
        ledgers.twilioFaults.push({
          ...{ ruleId: 1, kind: "fail-before", method: "GET", path: "/Messages.json", to: owner, at: start + 8_000 },
        });
      }),
    ],
    [
      "a text that no webhook took, so that Twilio knows",
      changed(bookedHistory, ({ ledgers }) => {
        const refused = text(customer, business, "hello?", 20_000);
        ledgers.messages.push(refused);
        ledgers.webhooks.push({ messageSid: refused.sid, url: "", httpStatus: 503, answeredAt: start + 20_100 });
      }),
    ],
    [
      "an appointment that a person deleted a minute before its reminder",
      changed(bookedHistory, ({ ledgers, tables }) => {
        ledgers.writes.push({ ...first(ledgers.writes), by: "hand", status: "cancelled", acceptedAt: start + 60_000 });
        const reminder = text(business, customer, "Reminder: Consultation on Thu, Mar 5 at 9:00 AM", 90_000);
        ledgers.messages.push(reminder);
        tables.outgoing.push({
          ...first(tables.outgoing),
          id: "reminder",
          sentBody: reminder.body,
          providerSid: reminder.sid,
        });
      }),
    ],
  ])("%s", (_what, history) => {
    expect(checkHistory(history, options).violations).toEqual([]);
  });

  test("is counted", () => {
    expect(checkHistory(bookedHistory(), options).counts).toMatchObject({
      texts: 2,
      confirms: 1,
      booked: 1,
      claims: 1,
    });
    expect(checkHistory(escalatedHistory(), options).counts).toMatchObject({ confirms: 1, escalated: 1, alerts: 1 });
  });
});

describe("1, P1: a lie is seen", () => {
  test.each<Case>([
    ["no row", changed(bookedHistory, ({ tables }) => (tables.appointments = []))],
    ["the row failed", changed(bookedHistory, ({ tables }) => (first(tables.appointments).status = "failed"))],
    ["the row came later", changed(bookedHistory, ({ tables }) => (first(tables.attempts).endedAt = start + 6_300))],
    ["no event", changed(bookedHistory, ({ ledgers }) => (ledgers.writes = []))],
    [
      "the event came later",
      changed(bookedHistory, ({ ledgers }) => (first(ledgers.writes).acceptedAt = start + 6_300)),
    ],
    ["the event was deleted", changed(bookedHistory, ({ ledgers }) => (first(ledgers.writes).status = "cancelled"))],
    ["the event is at another time", changed(bookedHistory, ({ ledgers }) => (first(ledgers.writes).startAt += 1))],
    [
      "the event is another tenant's",
      changed(bookedHistory, ({ ledgers }) => {
        first(ledgers.writes).privateProperties = {
          bookproof_appointment_id: appointmentId,
          bookproof_tenant_id: "other",
        };
      }),
    ],
    [
      "the words name another time",
      changed(bookedHistory, ({ ledgers, tables }) => {
        const body = "Your appointment is all set: Consultation on Thu, Mar 5 at 9:30 AM.";
        Object.assign(ledgers.messages.at(-1) ?? {}, { body });
        Object.assign(tables.outgoing.at(-1) ?? {}, { sentBody: body });
      }),
    ],
    [
      "a voice answer without a row",
      changed(escalatedHistory, ({ voice }) => {
        const content = JSON.stringify({ success: true, appointmentId });
        voice.push({
          ...{ path: "/api/vapi/tools/booking/verify-otp", sent: {}, status: 200 },
          answered: { toolResult: { content }, speech: "Perfect! Your appointment is confirmed." },
          ...{ sentAt: start, answeredAt: start + 9_000 },
        });
      }),
    ],
    [
      "a page",
      changed(escalatedHistory, ({ statements }) => {
        statements.push({ channel: "page", at: start + 9_000, text: "The appointment is confirmed", appointmentId });
      }),
    ],
  ])("%s", (_what, history) => {
    expect(invariantsOf(history)).toContain("no_lies");
  });
});

describe("2, P2: silence is seen", () => {
  test.each<Case>([
    ["a failure without an alert", changed(escalatedHistory, ({ ledgers }) => ledgers.messages.pop())],
    [
      "a failure without the flag",
      changed(escalatedHistory, ({ tables }) => (first(tables.conversations).needsHuman = false)),
    ],
    [
      "a CONFIRM that nobody acted on",
      changed(bookedHistory, ({ tables, ledgers }) => {
        for (const name of ["appointments", "attempts", "holds"] as const) tables[name] = [];
        ledgers.writes = [];
        ledgers.messages.pop();
        tables.outgoing.pop();
      }),
    ],
    [
      "a spoken code that nobody acted on",
      changed(bookedHistory, ({ tables, ledgers, voice }) => {
        for (const name of ["appointments", "attempts", "holds"] as const) tables[name] = [];
        ledgers.writes = [];
        ledgers.messages = [text(business, customer, "Your code is 4711.", 100)];
        voice.push({
          ...{ path: "/api/vapi/tools/booking/verify-otp", status: 0, answered: undefined },
          sent: { toolCall: { arguments: { providedOTP: "4711" } } },
          ...{ sentAt: start + 200, answeredAt: start + 300 },
        });
      }),
    ],
    [
      "booked, and told that it failed",
      changed(bookedHistory, ({ tables, ledgers }) => {
        tables.escalations = escalatedHistory().tables.escalations;
        ledgers.messages.push(text(business, owner, alertBody("calendar_failed_after_confirm"), 7_000));
      }),
    ],
    [
      "booked after an unknown outcome, and nobody said so",
      changed(bookedHistory, ({ tables, ledgers }) => {
        tables.escalations = escalatedHistory().tables.escalations;
        ledgers.messages.push(text(business, owner, alertBody("booking_outcome_unknown"), 7_000));
      }),
    ],
  ])("%s", (_what, history) => {
    expect(invariantsOf(history)).toContain("no_silence");
  });
});

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

describe("6: an end that is none is seen", () => {
  const callback = (sid: string, status: "delivered" | "sent") => ({
    ...{ sid, status, url: "", httpStatus: 204, postedAt: start + 7_000 },
  });
  test.each<Case>([
    [
      "an attempt with two ends",
      changed(bookedHistory, ({ tables }) => {
        tables.traces.push({
          ...{ id: 1, cid: "cid-1", stage: "FAILED", reason: "", from: customer, to: "", direction: "internal" },
          ...{ service: "booking", attemptId: first(tables.attempts).id, messageSid: "", at: start + 5_600 },
        });
      }),
    ],
    ["a hold that was given back", changed(bookedHistory, ({ tables }) => (first(tables.holds).status = "expired"))],
    ["a journey that goes on", changed(bookedHistory, ({ tables }) => (first(tables.conversations).stage = "AGENT"))],
    [
      "a delivered text that is only sent",
      changed(bookedHistory, ({ tables, ledgers }) => {
        const message = first(tables.outgoing);
        message.status = "sent";
        ledgers.callbacks.push(
          callback(message.providerSid ?? "", "delivered"),
          callback(message.providerSid ?? "", "sent"),
        );
      }),
    ],
  ])("%s", (_what, history) => {
    expect(invariantsOf(history)).toEqual(["terminal_states"]);
  });

  test("an attempt that never ends, once its time is over", () => {
    const running = changed(bookedHistory, ({ tables }) => {
      Object.assign(first(tables.attempts), { status: "started", endedAt: undefined });
    });
    expect(invariantsOf(running)).toContain("attempts_end");
    expect(invariantsOf(running, { healedAt: options.readAt ?? 0 })).not.toContain("attempts_end");
  });
});

describe("7: a lost or repeated text is seen", () => {
  test.each<Case>([
    [
      "acknowledged and nowhere",
      changed(bookedHistory, ({ ledgers }) => {
        const lost = text(customer, business, "hello?", 20_000);
        ledgers.messages.push(lost);
        ledgers.webhooks.push({ messageSid: lost.sid, url: "", httpStatus: 204, answeredAt: start + 20_100 });
      }),
    ],
    ["taken in twice", changed(bookedHistory, ({ tables }) => tables.inbound.push(first(tables.inbound)))],
    ["never read", changed(bookedHistory, ({ tables }) => (first(tables.inbound).readAt = undefined))],
    [
      "answered twice",
      changed(bookedHistory, ({ ledgers }) => {
        ledgers.messages.push(text(business, customer, first(ledgers.messages.slice(1)).body, 900));
      }),
    ],
    [
      "sent without a row",
      changed(bookedHistory, ({ ledgers }) => ledgers.messages.push(text(business, customer, "psst", 900))),
    ],
  ])("%s", (_what, history) => {
    expect(invariantsOf(history)).toEqual(["nothing_lost"]);
  });
});

test("an event in a built-in calendar is proof as well", () => {
  const builtin = changed(bookedHistory, ({ tenant, ledgers, tables }) => {
    tenant.calendars = [{ id: "cal-smith", ledger: undefined }];
    const { eventId: id, startAt, endAt, acceptedAt: createdAt } = first(ledgers.writes);
    ledgers.writes = [];
    tables.builtinEvents.push({
      ...{ calendarId: "cal-smith", id, appointmentId, startAt, endAt, live: true, createdAt, updatedAt: createdAt },
    });
  });
  expect(builtin.tenant.id).toBe(tenantId);
  expect(invariantsOf(builtin)).toEqual([]);
  first(builtin.tables.builtinEvents).live = false;
  expect(invariantsOf(builtin)).toContain("no_lies");
});
