import type { Context } from "./context.ts";

/** One message of two that say the same. */
export interface Sent {
  channel: "sms" | "voice" | "email";
  to: string;
  text: string;
  at: number;
}

/** How long before a message was accepted its sending can have begun: where Twilio sat on it, and where the wire was cut. */
const earlierMs = 30_000;
const cutBeforeMs = 5_000;

/**
 * Whether a message was sent again because nobody could find out that it was out: its number's list could not be read in between,
 * or Twilio itself sat on one of the two, or the wire to Twilio was cut. A call or a mail cannot be looked up at all.
 */
export function couldNotBeFoundOut({ history, options }: Context, first: Sent, second: Sent): boolean {
  if (first.channel !== "sms") return true;
  const from = first.at - earlierMs;
  const struck = history.ledgers.twilioFaults.some(({ at, to, method, kind, text }) => {
    if (at < from || at > second.at || (to !== first.to && to !== second.to)) return false;
    return method === "GET" || (kind === "delay" && (text === first.text || text === second.text));
  });
  return struck || options.cuts.some((cut) => cut.from <= second.at && cut.to >= first.at - cutBeforeMs);
}
