import { z } from "zod";
import { messageSid, once, required } from "./webhook-field.ts";

/** Twilio's form of a message's delivery status. */
export const statusWebhook = z
  .object({
    MessageSid: messageSid,
    MessageStatus: required(32),
    From: once.catch(""),
    AccountSid: once.catch(""),
    ErrorCode: z.coerce.number().int().min(0).max(999_999).catch(0),
  })
  .transform((form) => ({
    messageSid: form.MessageSid,
    messageStatus: form.MessageStatus,
    from: form.From,
    accountSid: form.AccountSid,
    errorCode: form.ErrorCode,
  }));
