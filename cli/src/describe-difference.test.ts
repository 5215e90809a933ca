import { expect, test } from "@jest/globals";
import { describeDifference } from "./describe-difference.ts";

const appointment = {
  id: "a1",
  start: "2026-12-01T15:00:00.000Z",
  offering: "Consultation",
  customerName: "Jane Roe",
  customerPhone: "+15551230001",
};
const difference = { eventId: "event1", appointment, eventStart: "", repaired: false };

test.each([
  ["missing", "MISSING: no event for Consultation 2026-12-01T15:00:00.000Z Jane Roe +15551230001 [event1]"],
  [
    "orphan",
    "ORPHAN: an event of ours without a confirmed appointment; it names Consultation 2026-12-01T15:00:00.000Z Jane Roe +15551230001 [event1]",
  ],
] as const)("a difference is a line that says what is where: %s", (kind, line) =>
  expect(describeDifference({ ...difference, kind })).toBe(line),
);

test("an orphan whose mark names nobody, and what was dealt with", () =>
  expect(
    describeDifference({
      ...difference,
      ...{ kind: "orphan", appointment: null, eventStart: "2026-12-01T15:00:00.000Z", repaired: true },
    }),
  ).toBe(
    "ORPHAN: an event of ours without a confirmed appointment, event at 2026-12-01T15:00:00.000Z [event1] (dealt with)",
  ));
