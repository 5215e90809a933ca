import { describe, expect, test } from "@jest/globals";
import { checkHistory } from "../check-history.ts";
import {
  alertBody,
  appointmentId,
  bookedHistory,
  business,
  cancelledHistory,
  customer,
  escalatedHistory,
  movedHistory,
  owner,
  resolvedBody,
  start,
  text,
} from "./a-history.ts";
import { type Case, changed, first, invariantsOf, options } from "./judging.ts";

describe("a history that holds", () => {
  test.each<Case>([
    ["a booking", bookedHistory()],
    ["a failed attempt that the owner heard of", escalatedHistory()],
    ["an appointment that was moved", movedHistory()],
    ["an appointment that was cancelled", cancelledHistory()],
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
    [
      "moved, and the attempt failed",
      changed(movedHistory, ({ tables }) => (first(tables.attempts.slice(1)).status = "failed")),
    ],
    ["moved, and the event is where it was", changed(movedHistory, ({ ledgers }) => ledgers.writes.pop())],
    [
      "moved, said before it was",
      changed(movedHistory, ({ tables }) => (first(tables.attempts.slice(1)).endedAt = start + 66_300)),
    ],
    [
      "all set at the old time, after the move",
      changed(movedHistory, ({ ledgers }) =>
        ledgers.messages.push(
          text(business, customer, "Your appointment is all set: Consultation on Thu, Mar 5 at 9:00 AM.", 70_000),
        ),
      ),
    ],
    ["cancelled, and the event is live", changed(cancelledHistory, ({ ledgers }) => ledgers.writes.pop())],
    [
      "cancelled, said before it was",
      changed(cancelledHistory, ({ tables }) => (first(tables.attempts.slice(1)).endedAt = start + 66_300)),
    ],
    [
      "all set, after the cancellation",
      changed(cancelledHistory, ({ ledgers }) =>
        ledgers.messages.push(
          text(business, customer, "Your appointment is all set: Consultation on Thu, Mar 5 at 9:00 AM.", 70_000),
        ),
      ),
    ],
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
