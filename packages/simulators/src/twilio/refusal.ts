/** Twilio's error body. Source: https://www.twilio.com/docs/usage/twilios-response#response-formats-exceptions */
export type TwilioErrorBody = { code: number; message: string; more_info: string; status: number };

/** The body of an error. */
export function twilioErrorBody(status: number, code: number, message: string): TwilioErrorBody {
  return { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status };
}

/** Thrown by a route to answer with one of Twilio's errors. */
export class TwilioRefusal extends Error {
  readonly body: TwilioErrorBody;

  constructor(status: number, code: number, message: string) {
    super(message);
    this.name = "TwilioRefusal";
    this.body = twilioErrorBody(status, code, message);
  }
}

/** The usual texts of the codes a fault plan names. Source: https://www.twilio.com/docs/api/errors */
const MESSAGES = new Map<number, string>([
  [20003, "Authenticate"],
  [20404, "The requested resource was not found"],
  [20429, "Too Many Requests"],
  [20500, "An internal server error has occurred"],
  [21211, "The 'To' number is not a valid phone number."],
  [21608, "The number is unverified. Trial accounts cannot send messages to unverified numbers"],
  [21610, "Attempt to send to unsubscribed recipient"],
  [21611, "This 'From' number has exceeded the maximum number of queued messages"],
  [21614, "'To' number is not a valid mobile number"],
  [21635, "'To' number cannot be a Landline"],
]);

/** The text that goes with a code. */
export function twilioErrorMessage(code: number): string {
  return MESSAGES.get(code) ?? `Error ${code}`;
}

/** The code Twilio answers with where only an HTTP status is known. */
export function twilioCodeOfStatus(status: number): number {
  if (status === 401) return 20003;
  if (status === 404) return 20404;
  if (status === 429) return 20429;
  return status >= 500 ? 20500 : 20001;
}
