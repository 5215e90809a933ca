import type { Message } from "../queries/messages.ts";

/** One way to an owner. */
export interface Channel {
  name: "owner_sms" | "vip_sms" | "owner_call" | "owner_email";
  kind: Message["channel"];
  /** E.164, or an e-mail address. */
  to: string;
  from: string;
}

/** What is said on each kind of channel. */
export interface AlertWords {
  text: string;
  call: string;
  subject: string;
  /** What the text is found by at Twilio. */
  mark: string;
}
