import { describe, expect, test } from "@jest/globals";
import { appointmentId, bookedHistory, business, customer, start, tenantId, text } from "./a-history.ts";
import { type Case, changed, first, invariantsOf, options } from "./judging.ts";

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
