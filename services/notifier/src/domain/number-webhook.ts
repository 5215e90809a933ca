/** A number as Twilio has it. */
export interface TwilioNumber {
  smsUrl: string;
  /** "POST" or "GET". */
  smsMethod: string;
  /** AP…, which then has the webhook; "" for none. */
  smsApplicationSid: string;
  canText: boolean;
  canCall: boolean;
}

export interface Finding {
  status: "ok" | "warning" | "failed";
  detail: string;
  whatToDo: string;
}

const service =
  "If the number is in a Messaging Service that has a webhook of its own, set the same address there, or let the service defer to the sender's webhook.";

/**
 * Whether texts to a number come to us. A warning at most where we cannot know: a Messaging Service may send them here all the same.
 * @param expected `<PUBLIC_URL>/api/twilio/sms`
 */
export function judgeWebhook(number: TwilioNumber, expected: string): Finding {
  const set = `In Twilio's console, at the number, under "A message comes in", set Webhook, ${expected}, HTTP POST. ${service}`;
  const warned = (detail: string): Finding => ({ status: "warning", detail, whatToDo: set });
  if (!number.canText)
    return {
      status: "failed",
      detail: "The number cannot send or receive texts.",
      whatToDo: "Buy a number with SMS at Twilio, and put it in the tenant file.",
    };
  if (number.smsApplicationSid)
    return warned(`Its texts go to the TwiML application ${number.smsApplicationSid}, whose address is not looked at.`);
  if (number.smsUrl === "") return warned("It has no webhook for texts.");
  if (number.smsUrl !== expected) return warned(`Its webhook for texts is ${withoutSecrets(number.smsUrl)}.`);
  if (number.smsMethod.toUpperCase() !== "POST") return warned(`Its webhook is called by ${number.smsMethod}.`);
  return { status: "ok", detail: `It belongs to the account, and its texts come to ${expected}.`, whatToDo: "" };
}

/** An address may carry a password or a token. */
function withoutSecrets(address: string): string {
  try {
    const { origin, pathname } = new URL(address);
    return `${origin}${pathname}`;
  } catch {
    return "no address";
  }
}
