import { z } from "zod";

const messageStatus = z.enum([
  "accepted",
  "queued",
  "sending",
  "sent",
  "delivered",
  "undelivered",
  "failed",
  "read",
  "canceled",
  "received",
]);

/** One message that Twilio took in, either way. Times are milliseconds since the epoch, numbers E.164. */
export const messageEntrySchema = z.object({
  sid: z.string(),
  accountSid: z.string(),
  direction: z.enum(["inbound", "outbound-api", "outbound-reply"]),
  /** Null only for a Messaging Service whose account has no declared number. */
  from: z.string().nullable(),
  to: z.string(),
  body: z.string(),
  status: messageStatus,
  numSegments: z.int(),
  mediaUrls: z.array(z.string()),
  messagingServiceSid: z.string().nullable(),
  statusCallback: z.string().nullable(),
  errorCode: z.int().nullable(),
  acceptedAt: z.int(),
  sentAt: z.int().nullable(),
  updatedAt: z.int(),
});

const callStatus = z.enum(["queued", "ringing", "in-progress", "completed", "busy", "failed", "no-answer", "canceled"]);

/** One outgoing call that Twilio took in. */
export const callEntrySchema = z.object({
  sid: z.string(),
  accountSid: z.string(),
  from: z.string(),
  to: z.string(),
  /** What is said; null when Twilio was to fetch it from `url`. */
  twiml: z.string().nullable(),
  url: z.string().nullable(),
  status: callStatus,
  statusCallback: z.string().nullable(),
  acceptedAt: z.int(),
  updatedAt: z.int(),
});

export const messageStatusSchema = messageStatus;
export type MessageStatus = z.infer<typeof messageStatus>;
export type CallStatus = z.infer<typeof callStatus>;
export type MessageEntry = z.infer<typeof messageEntrySchema>;
export type CallEntry = z.infer<typeof callEntrySchema>;

/** One try to bring an inbound text to us: `httpStatus` is null where nobody answered. */
export type WebhookEntry = { messageSid: string; url: string; httpStatus: number | null; answeredAt: number };

/** A message that was asked for and refused for good, with Twilio's error code. */
export type RefusedEntry = { from: string; to: string; body: string; code: number; refusedAt: number };

/** One status callback that was posted: `httpStatus` is null where nobody answered, and `error` then says why. */
export type CallbackEntry = {
  sid: string;
  status: MessageStatus | CallStatus;
  url: string;
  httpStatus: number | null;
  error?: string;
  postedAt: number;
};
