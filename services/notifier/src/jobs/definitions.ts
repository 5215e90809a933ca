import { defineJob } from "@bookproof/postgres";
import { z } from "zod";

/** Brings one message to its reader; those to one number keep their order, an urgent one waits for none. Given up after about 12 minutes. */
export const deliverMessage = defineJob({
  service: "notifier",
  task: "deliver_message",
  payload: z.object({
    tenantId: z.guid(),
    messageId: z.guid(),
    to: z.string(),
    urgent: z.boolean().default(false),
    /** How often the provider has asked to slow down. */
    slowedDown: z.int().default(0),
  }),
  queue: ({ tenantId, messageId, to, urgent }) => (urgent ? `urgent:${messageId}` : `to:${tenantId}:${to}`),
  retry: {
    delaysMs: [1_000, 2_000, 5_000, 10_000, 30_000, ...Array.from({ length: 11 }, () => 60_000)],
    forever: false,
  },
});

const channelName = z.enum(["owner_sms", "vip_sms", "owner_call", "owner_email"]);

/** Brings an escalation, or its resolution, to the owner. One queue an escalation: it waits for nobody, and never runs twice at once. */
export const alertOwner = defineJob({
  service: "notifier",
  task: "alert_owner",
  payload: z.object({
    tenantId: z.guid(),
    escalationId: z.guid(),
    phase: z.enum(["alert", "resolved"]),
    /** What left for the owner before the escalation was stored. */
    direct: z.object({ channel: channelName, sid: z.string() }).optional(),
  }),
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
    /** E.164 each, where the escalation knows no conversation; else empty. */
    customerPhone: z.string().default(""),
    tenantPhone: z.string().default(""),
  }),
  retry: { delaysMs: [100, 250, 500, 1_000, 2_000, 5_000, 10_000], forever: true },
});

const booked = z.object({
  tenantId: z.guid(),
  cid: z.string(),
  conversationId: z.string(),
  appointmentId: z.guid(),
  /** E.164, or an e-mail address. */
  to: z.string(),
  /** E.164; empty means the tenant's first number. */
  from: z.string(),
});

/** Sends the confirmation of a booked call where it was not asked for. */
export const ensureConfirmation = defineJob({
  service: "notifier",
  task: "ensure_confirmation",
  payload: booked,
  retry: { delaysMs: [1_000, 2_000, 5_000, 10_000], forever: true },
});

/** Waits until an appointment's reminder is due, and sends it. */
export const remindCustomer = defineJob({
  service: "notifier",
  task: "remind_customer",
  payload: booked.extend({
    /** RFC 3339. */
    bookedAt: z.string(),
    /** RFC 3339: the start it was planned for; empty until it was read. */
    start: z.string(),
  }),
  retry: { delaysMs: [1_000, 5_000, 15_000, 60_000], forever: true },
});

/** Notes an accepted confirmation on its appointment, until booking has acknowledged it. */
export const recordConfirmation = defineJob({
  service: "notifier",
  task: "record_confirmation",
  payload: z.object({
    tenantId: z.guid(),
    appointmentId: z.guid(),
    messageId: z.string(),
    /** RFC 3339. */
    sentAt: z.string(),
  }),
  retry: { delaysMs: [250, 1_000, 5_000, 30_000, 60_000], forever: true },
});

/** Asks Twilio for the end of a message that no callback reported. */
export const checkDelivery = defineJob({
  service: "notifier",
  task: "check_delivery",
  payload: z.object({ tenantId: z.guid(), messageId: z.guid() }),
  retry: { delaysMs: [10_000, 60_000, 300_000, 600_000, 1_800_000], forever: false },
});

/** Looks whether a booking whose outcome the owner heard to be unknown was made after all, until that is known. */
export const settleUnknown = defineJob({
  service: "notifier",
  task: "settle_unknown",
  payload: z.object({
    tenantId: z.guid(),
    escalationId: z.guid(),
    /** Until then the CONFIRM may still begin; RFC 3339. */
    mayBeginUntil: z.iso.datetime(),
  }),
  retry: { delaysMs: [1_000, 2_000, 5_000, 15_000, 60_000], forever: true },
});

/** Compares Twilio's inbound texts with what was taken in; each run plans the next. */
export const sweepInbound = defineJob({
  service: "notifier",
  task: "sweep_inbound",
  isRound: true,
  payload: z.object({}),
  queue: () => "sweep_inbound",
  retry: { delaysMs: [1_000, 2_000, 5_000, 15_000], forever: true },
});

/** The same for one tenant, out of turn: a text of theirs is known to be missing. The next sweep does what this one gives up. */
export const sweepOutOfTurn = defineJob({
  service: "notifier",
  task: "sweep_out_of_turn",
  payload: z.object({ tenantId: z.guid() }),
  queue: () => "sweep_inbound",
  retry: { delaysMs: [1_000, 2_000, 5_000, 5_000, 10_000], forever: false },
});
