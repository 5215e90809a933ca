import type { Stage } from "../matrix.ts";
import type { CallPoint } from "./plan.ts";
import type { OutsideCall } from "./watch-calls.ts";

/** The steps of a journey, by stage: before and after each a service may die. */
export const killPoints: Record<Stage, CallPoint[]> = {
  A: [
    { service: "gateway", label: "agent.receiveSms" },
    { service: "agent", label: "INSERT agent.inbound_messages" },
    { service: "agent", label: "COMMIT", wrote: "INSERT agent.inbound_messages" },
  ],
  B: [
    { service: "agent", label: "booking.findOpenings" },
    { service: "calendar", label: "provider.busy" },
    { service: "agent", label: "booking.claimSlot" },
    { service: "booking", label: "CALL booking.claim_slot_atomic" },
    { service: "booking", label: "COMMIT", wrote: "CALL booking.claim_slot_atomic" },
    { service: "agent", label: "COMMIT", wrote: "ENQUEUE send_reply" },
    { service: "agent", label: "notifier.sendToCustomer" },
  ],
  C: [
    { service: "agent", label: "COMMIT", wrote: "ENQUEUE watch_confirm" },
    { service: "agent", label: "booking.confirmBooking" },
    { service: "booking", label: "INSERT booking.booking_attempts" },
    { service: "booking", label: "COMMIT", wrote: "INSERT booking.booking_attempts" },
    { service: "booking", label: "calendar.insertEvent" },
    { service: "calendar", label: "provider.insert" },
    { service: "booking", label: "UPDATE booking.booking_attempts" },
    { service: "booking", label: "COMMIT", wrote: "UPDATE booking.booking_attempts" },
  ],
  D: [
    { service: "booking", label: "notifier.handleEvent" },
    { service: "agent", label: "notifier.sendToCustomer" },
    { service: "notifier", label: "COMMIT", wrote: "INSERT notifier.messages" },
    { service: "notifier", label: "booking.getBookingProof" },
    { service: "notifier", label: "COMMIT", wrote: "UPDATE notifier.messages" },
    { service: "notifier", label: "twilio.sendSms" },
  ],
  E: [
    { service: "booking", label: "notifier.handleEvent" },
    { service: "booking", label: "agent.recordOutcome" },
    { service: "notifier", label: "INSERT notifier.escalations" },
    { service: "notifier", label: "COMMIT", wrote: "INSERT notifier.escalations" },
    { service: "notifier", label: "alertTwilio.sendSms" },
    { service: "notifier", label: "UPDATE notifier.escalations" },
    { service: "notifier", label: "agent.recordOutcome" },
    { service: "agent", label: "UPDATE agent.conversations" },
  ],
};

/** The transactions whose COMMIT may be cut off. */
export const cutPoints: Record<Stage, CallPoint[]> = {
  A: [{ service: "agent", label: "COMMIT", wrote: "INSERT agent.inbound_messages" }],
  B: [
    { service: "booking", label: "COMMIT", wrote: "CALL booking.claim_slot_atomic" },
    { service: "agent", label: "COMMIT", wrote: "ENQUEUE send_reply" },
  ],
  C: [
    { service: "booking", label: "COMMIT", wrote: "INSERT booking.booking_attempts" },
    { service: "booking", label: "COMMIT", wrote: "UPDATE booking.booking_attempts" },
  ],
  D: [
    { service: "notifier", label: "COMMIT", wrote: "INSERT notifier.messages" },
    { service: "notifier", label: "COMMIT", wrote: "UPDATE notifier.messages" },
  ],
  E: [
    { service: "notifier", label: "COMMIT", wrote: "INSERT notifier.escalations" },
    { service: "notifier", label: "COMMIT", wrote: "UPDATE notifier.escalations" },
    { service: "agent", label: "COMMIT", wrote: "UPDATE agent.conversations" },
  ],
};

export const matchesPoint = (point: CallPoint, call: OutsideCall): boolean =>
  point.service === call.service &&
  (point.label === undefined || point.label === call.label) &&
  (point.wrote === undefined || call.wrote.includes(point.wrote));

/** The stage a call belongs to, for faults that were not aimed at one: the first that knows such a call. */
export function stageOf(call: OutsideCall, confirmed: boolean): Stage {
  const order: Stage[] = confirmed ? ["C", "E", "D", "B", "A"] : ["A", "B", "D", "C", "E"];
  const known = order.find((stage) => killPoints[stage].some((point) => matchesPoint(point, call)));
  return (
    known ??
    {
      gateway: "A" as const,
      agent: "B" as const,
      booking: "C" as const,
      calendar: "C" as const,
      notifier: "D" as const,
    }[call.service]
  );
}
