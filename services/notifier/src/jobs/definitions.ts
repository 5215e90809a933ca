import { defineJob } from "@bookproof/postgres";
import { z } from "zod";

/** Brings one text to a customer; texts to one number keep their order. Given up after about 12 minutes. */
export const deliverMessage = defineJob({
  service: "notifier",
  task: "deliver_message",
  payload: z.object({ tenantId: z.guid(), messageId: z.guid(), to: z.string() }),
  queue: ({ tenantId, to }) => `to:${tenantId}:${to}`,
  retry: {
    delaysMs: [1_000, 2_000, 5_000, 10_000, 30_000, ...Array.from({ length: 11 }, () => 60_000)],
    forever: false,
  },
});

/** Brings an escalation, or its resolution, to the owner. One queue an escalation: it waits for nobody, and never runs twice at once. */
export const alertOwner = defineJob({
  service: "notifier",
  task: "alert_owner",
  payload: z.object({ tenantId: z.guid(), escalationId: z.guid(), phase: z.enum(["alert", "resolved"]) }),
  queue: ({ escalationId }) => `alert:${escalationId}`,
  retry: { delaysMs: [250, 500, 1_000, 2_000, 5_000, 10_000], forever: true },
});

/** Writes on the conversation that a human is needed, or no longer is, until the agent has acknowledged it. */
export const recordOutcome = defineJob({
  service: "notifier",
  task: "record_outcome",
  payload: z.object({
    tenantId: z.guid(),
    cid: z.string(),
    stage: z.enum(["NEEDS_HUMAN", "BOOKED"]),
    stageReason: z.string(),
    needsHuman: z.boolean(),
    lastError: z.string(),
  }),
  retry: { delaysMs: [100, 250, 500, 1_000, 2_000, 5_000, 10_000], forever: true },
});
