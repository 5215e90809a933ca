import { z } from "zod";

const outcomeSchema = z.object({
  /** What becomes of a text. */
  message: z.enum(["delivered", "undelivered", "failed"]).default("delivered"),
  /** Sent along with undelivered and failed: 30003 unreachable, 30005 unknown, 30006 landline, 30007 filtered. */
  errorCode: z.int().nullable().default(null),
  /** What becomes of a call. */
  call: z.enum(["completed", "busy", "no-answer", "failed"]).default("completed"),
});

/** How accepted texts and calls go on. Every field may be left out. */
export const deliverySchema = z.object({
  /** False leaves everything queued; `reportStatus` then says what happens, and in which order. */
  automatic: z.boolean().default(true),
  /** False advances the ledger but posts no status callback. */
  callbacks: z.boolean().default(true),
  /** Milliseconds between two states. */
  stepMs: z.int().nonnegative().default(20),
  /** By recipient, E.164. */
  outcomes: z.record(z.string(), outcomeSchema).default({}),
});
export type DeliveryInput = z.input<typeof deliverySchema>;
export type DeliveryPlan = z.output<typeof deliverySchema>;

/** What becomes of a text or call to this number. */
export function outcomeOf(plan: DeliveryPlan, to: string): z.output<typeof outcomeSchema> {
  return plan.outcomes[to] ?? outcomeSchema.parse({});
}
