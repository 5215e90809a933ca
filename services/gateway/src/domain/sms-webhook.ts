import { z } from "zod";
import { messageSid, once, required } from "./webhook-field.ts";

/** Twilio's limit of one message, in characters (https://www.twilio.com/docs/glossary/what-sms-character-limit). */
const maxBodyCharacters = 1_600;

/** Twilio's form of an inbound text; what it does not name is let through, as Twilio adds fields without notice. */
export const smsWebhook = z
  .object({
    MessageSid: messageSid,
    From: required(64),
    To: required(64),
    Body: once.refine((body) => [...body].length <= maxBodyCharacters, "is longer than 1600 characters").default(""),
    NumMedia: z.coerce.number().int().min(0).max(100).catch(0),
    OptOutType: once.catch(""),
  })
  .transform((form) => ({
    messageSid: form.MessageSid,
    from: form.From,
    to: form.To,
    body: form.Body,
    numMedia: form.NumMedia,
    optOutType: form.OptOutType,
  }));

export type InboundSms = z.output<typeof smsWebhook>;

/** What a customer reads when nobody could take the text in but the owner was alerted. */
export const notTakenInReply =
  "<Response><Message>I hit a snag confirming this. A human will text you shortly.</Message></Response>";
