import { expect, test } from "@jest/globals";
import { type ProofStatus, proofStatus } from "./proof-status.ts";

type Seen = Parameters<typeof proofStatus>[0];
const seen = (
  status: NonNullable<Seen["appointment"]>["status"],
  calendarEventId: string,
  attemptRunning = false,
): Seen => ({
  appointment: { status, calendarEventId },
  attemptRunning,
});

test.each<[string, Seen, ProofStatus]>([
  ["a confirmed row with its event", seen("confirmed", "event1"), "proven"],
  ["a confirmed row without an event", seen("confirmed", ""), "no_calendar_event"],
  ["a pending row whose attempt runs", seen("pending", "", true), "running"],
  ["a pending row that nobody carries out", seen("pending", ""), "no_calendar_event"],
  ["a pending row, even with an event's id", seen("pending", "event1"), "no_calendar_event"],
  ["a failed row", seen("failed", "event1"), "not_booked"],
  ["a cancelled row", seen("cancelled", "event1"), "not_booked"],
  ["no row at all", { appointment: undefined, attemptRunning: true }, "not_booked"],
])("only a confirmed row with its event is proof: %s", (_title, row, status) => expect(proofStatus(row)).toBe(status));
