import fc from "fast-check";

/** Lengths and buffers that make slots overlap in every way. Minutes. */
const offeringKinds = [
  { id: "short", durationMinutes: 30, bufferBeforeMinutes: 0, bufferAfterMinutes: 0 },
  { id: "long", durationMinutes: 60, bufferBeforeMinutes: 0, bufferAfterMinutes: 15 },
  { id: "wide", durationMinutes: 45, bufferBeforeMinutes: 15, bufferAfterMinutes: 30 },
];

/** A wish before its tenant exists: numbers that index what a run makes. */
export interface WishPlan {
  calendar: number;
  kind: number;
  slot: number;
  customer: number;
  refused: boolean;
}

export const offeringOf = (plan: WishPlan) => offeringKinds[plan.kind % offeringKinds.length] ?? offeringKinds[0];
export const offerings = offeringKinds;

/** The first slot is at 09:00, then one each half hour. */
export const startOf = (plan: WishPlan): number => 9 * 60 + plan.slot * 30;

/** What the callers of one run want: few slots, so that they meet. Up to two calendars, three customers. */
export const wishPlans = fc.array(
  fc.record({
    calendar: fc.nat({ max: 1 }),
    kind: fc.nat({ max: offeringKinds.length - 1 }),
    slot: fc.nat({ max: 5 }),
    customer: fc.nat({ max: 2 }),
    refused: fc.boolean(),
  }),
  { minLength: 3, maxLength: 8, size: "max" },
);
