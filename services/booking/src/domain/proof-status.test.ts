import { expect, test } from "@jest/globals";
import { type ProofStatus, proofStatus } from "./proof-status.ts";

type Seen = Parameters<typeof proofStatus>[0];
const seen = (
  status: NonNullable<Seen["appointment"]>["status"],
  calendarEventId: string,
  attemptRunning = false,
): Seen => ({
  appointment: { status, calendarEventId, drift: "" },
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

const drifted = (drift: string): Seen => ({
  appointment: { status: "confirmed", calendarEventId: "event1", drift },
  attemptRunning: false,
});
test.each(["uncertain", "deleted", "declined", "moved"])("what the calendar contradicts is no proof: %s", (drift) =>
  expect(proofStatus(drifted(drift))).toBe("no_calendar_event"),
);

type Change = NonNullable<Seen["change"]>;
const changed = (
  status: "confirmed" | "cancelled",
  change: Partial<Change> & { kind: Change["kind"] },
  attemptRunning = false,
): Seen => ({ ...seen(status, "event1", attemptRunning), change: { isConfirmed: true, isAsBooked: true, ...change } });

test.each<[string, Seen, ProofStatus]>([
  ["a move that was confirmed", changed("confirmed", { kind: "move" }), "proven"],
  ["a move under way", changed("confirmed", { kind: "move", isConfirmed: false }, true), "running"],
  ["a move that failed", changed("confirmed", { kind: "move", isConfirmed: false }), "not_booked"],
  [
    "a move of an appointment that was moved again",
    changed("confirmed", { kind: "move", isAsBooked: false }),
    "not_booked",
  ],
  ["a move of an appointment that was cancelled since", changed("cancelled", { kind: "move" }), "not_booked"],
  ["a cancellation that was confirmed", changed("cancelled", { kind: "cancel" }), "cancelled"],
  ["a cancellation under way", changed("confirmed", { kind: "cancel", isConfirmed: false }, true), "running"],
  ["a cancellation that failed", changed("confirmed", { kind: "cancel", isConfirmed: false }), "not_booked"],
])("a change is proven by its own attempt: %s", (_title, row, status) => expect(proofStatus(row)).toBe(status));
