import { defineJob } from "@bookproof/postgres";
import { z } from "zod";

const tenantId = z.guid();

/** Answers everything unread of a conversation; turns of one conversation run one at a time and in order. */
export const takeTurn = defineJob({
  service: "agent",
  task: "take_turn",
  payload: z.object({ tenantId, conversationId: z.guid() }),
  queue: ({ conversationId }) => `conversation:${conversationId}`,
  retry: { delaysMs: [300, 1_500], forever: false },
});

/** Hands a turn's reply to the notifier, until it is taken. */
export const sendReply = defineJob({
  service: "agent",
  task: "send_reply",
  payload: z.object({
    tenantId,
    /** Empty for what answers no conversation. */
    conversationId: z.union([z.guid(), z.literal("")]),
    cid: z.string(),
    to: z.string(),
    from: z.string(),
    key: z.string(),
    content: z.discriminatedUnion("kind", [
      z.object({ kind: z.literal("text"), text: z.string() }),
      z.object({ kind: z.literal("booked"), appointmentId: z.string() }),
    ]),
  }),
  queue: ({ conversationId, key }) => `replies:${conversationId || key}`,
  retry: { delaysMs: [100, 250, 500, 1_000, 2_000, 5_000], forever: true, giveUpOn: ["invalid_argument"] },
});

/** Alerts the owner through the notifier, until it is taken. */
export const alertOwner = defineJob({
  service: "agent",
  task: "alert_owner",
  payload: z.object({
    tenantId,
    conversationId: z.string(),
    cid: z.string(),
    /** The attempt whose outcome is unknown; empty where the alert is about none. */
    attemptId: z.string().default(""),
    reason: z.string(),
    customerPhone: z.string(),
    businessPhone: z.string(),
    customerName: z.string(),
    start: z.iso.datetime().optional(),
    offeringName: z.string(),
    calendarName: z.string(),
    address: z.string(),
    customerText: z.string(),
  }),
  retry: { delaysMs: [100, 250, 500, 1_000, 2_000, 5_000], forever: true },
});

/** Tells the notifier of STOP and START, until it is taken. */
export const recordOptOut = defineJob({
  service: "agent",
  task: "record_opt_out",
  payload: z.object({
    tenantId,
    phone: z.string(),
    optedOut: z.boolean(),
    keyword: z.string(),
    messageSid: z.string(),
    receivedAt: z.iso.datetime(),
  }),
  retry: { delaysMs: [100, 250, 500, 1_000, 2_000, 5_000], forever: true, giveUpOn: ["invalid_argument"] },
});

/** P2: a message that no turn has read in time is brought to the owner. */
export const checkUnread = defineJob({
  service: "agent",
  task: "check_unread",
  payload: z.object({ tenantId, conversationId: z.guid(), messageSid: z.string() }),
  retry: { delaysMs: [500, 1_000, 2_000, 5_000], forever: true },
});

/** P2: a CONFIRM whose outcome nobody has recorded in time is brought to the owner. */
export const watchConfirm = defineJob({
  service: "agent",
  task: "watch_confirm",
  payload: z.object({ tenantId, conversationId: z.guid(), cid: z.string(), holdId: z.guid() }),
  retry: { delaysMs: [500, 1_000, 2_000, 5_000], forever: true },
});

/** P2: a customer who confirmed a slot that was gone, and has booked nothing since, is brought to the owner. */
export const watchLostSlot = defineJob({
  service: "agent",
  task: "watch_lost_slot",
  payload: watchConfirm.payload,
  retry: { delaysMs: [500, 1_000, 2_000, 5_000], forever: true },
});

/** Deletes a batch of traces that are older than they are kept; each run plans the next. */
export const deleteOldTraces = defineJob({
  service: "agent",
  task: "delete_old_traces",
  isRound: true,
  payload: z.object({
    /** How many rows the batches before this one have deleted. */
    deleted: z.int().default(0),
  }),
  queue: () => "delete_old_traces",
  // The next day's run does what this one gives up.
  retry: { delaysMs: [60_000, 300_000, 1_800_000], forever: false },
});
