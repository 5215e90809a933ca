import { defineJob } from "@bookproof/postgres";
import { z } from "zod";

const tenantId = z.guid();
const untilTaken = { delaysMs: [100, 250, 500, 1_000, 2_000, 5_000], forever: true };

/** P2: a call's CONFIRM whose outcome was never stored is brought to the owner. */
export const watchCallConfirm = defineJob({
  service: "agent",
  task: "watch_call_confirm",
  payload: z.object({ tenantId, callId: z.string(), cid: z.string(), holdId: z.guid() }),
  retry: { delaysMs: [500, 1_000, 2_000, 5_000], forever: true },
});

/** Gives back a slot that a caller let go. */
export const releaseHold = defineJob({
  service: "agent",
  task: "release_hold",
  payload: z.object({ tenantId, holdId: z.guid() }),
  retry: untilTaken,
});

/** Sends the confirmation that a booked call ended without. */
export const sendCallConfirmation = defineJob({
  service: "agent",
  task: "send_call_confirmation",
  payload: z.object({
    tenantId,
    cid: z.string(),
    conversationId: z.string(),
    appointmentId: z.string(),
    phone: z.string(),
  }),
  retry: untilTaken,
});

/** Alerts the owner's hot-lead phone through the notifier, until it is taken. */
export const alertHotLead = defineJob({
  service: "agent",
  task: "alert_hot_lead",
  payload: z.object({
    tenantId,
    cid: z.string(),
    callId: z.string(),
    customerName: z.string(),
    customerPhone: z.string(),
    offeringName: z.string(),
    score: z.int(),
    bookedStart: z.iso.datetime().optional(),
  }),
  retry: untilTaken,
});
