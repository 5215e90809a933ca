/** What is tried next to bring a confirmation to its customer. */
export type NextStep = "resend" | "call" | "tell_owner";

/** Opted out: no way of ours may be used any more. */
const noWay = new Set([21610]);
/** The same text would fail again: unknown handset, landline (two codes), filtered, unregistered sender, no mobile number. */
const neverTextAgain = new Set([30005, 30006, 21635, 30007, 30034, 21614, 21211]);

/**
 * The next way after a confirmation's text did not arrive: once again where its code allows, then a call, then the owner.
 * @param failure.errorCode Twilio's, 0 for none (https://www.twilio.com/docs/api/errors). reported: by a delivery report, so
 * that the text had been accepted; a text that was refused is refused again.
 */
export function afterFailedConfirmation(failure: {
  channel: "sms" | "voice" | "email";
  errorCode: number;
  isResend: boolean;
  reported: boolean;
}): NextStep {
  if (failure.channel !== "sms" || noWay.has(failure.errorCode)) return "tell_owner";
  if (failure.reported && !failure.isResend && !neverTextAgain.has(failure.errorCode)) return "resend";
  return "call";
}
