import { type Customer, within } from "./journeys/customer.ts";
import type { Strike } from "./plan.ts";

const patienceMs = 25_000;
/** How much longer a vendor takes, so that a fault can come in the middle of it. */
const vendorDelayMs = 500;

/**
 * Waits until a customer's journey is in a stage. Calendar, customer's text and owner's alert are reached when the vendor has
 * the request in hand; it is slow for this customer.
 * @returns false when the journey ended elsewhere
 */
export async function reached(customer: Customer, strike: Strike): Promise<boolean> {
  const { real, phone, business, board } = customer;
  const { stage, delayMs, fault } = strike;
  // Kafka must be away before there is anything to publish: from the CONFIRM on that is going to fail.
  if (fault === "kafka_down") return board.reached("C", patienceMs);
  const isInsert = delayMs % 2 === 0;
  if (stage === "A" || stage === "B" || (stage === "C" && !isInsert)) return board.reached(stage, patienceMs);
  const slow = { kind: "delay", delayMs: vendorDelayMs, times: 1 } as const;
  const { faults, rule } =
    stage === "C"
      ? {
          faults: real.google.faults,
          rule: { ...slow, match: { method: "POST", path: "/events", bodyContains: phone } },
        }
      : {
          faults: real.twilio.faults,
          rule: {
            ...slow,
            match:
              stage === "D"
                ? { method: "POST", to: phone, bodyContains: "all set" }
                : { method: "POST", to: business.owner, bodyContains: phone },
          },
        };
  const { id } = faults.add(rule);
  const fired = await within(patienceMs, () => faults.list().find((one) => one.id === id)?.fired || undefined);
  return fired !== undefined;
}
