import twilio from "twilio";

/**
 * - `rejected`: refused for good, `code` says why (https://www.twilio.com/docs/api/errors);
 * - `rate_limited`: refused for now; - `credentials`: the tenant's account or token is wrong;
 * - `unknown`: timed out, cut off or 5xx: it may have been sent all the same.
 */
export type TwilioErrorKind = "rejected" | "rate_limited" | "credentials" | "unknown";

export class TwilioError extends Error {
  readonly kind: TwilioErrorKind;
  /** Twilio's code, 0 where there is none. */
  readonly code: number;
  /** How long Twilio asks to wait, in milliseconds; 0 where it does not say. */
  readonly retryAfterMs: number;

  constructor(kind: TwilioErrorKind, code: number, message: string, cause: unknown, retryAfterMs = 0) {
    super(message, { cause });
    this.name = "TwilioError";
    this.kind = kind;
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}

/** The recipient has opted out at Twilio. */
export const OPTED_OUT_AT_TWILIO = 21610;

const credentialCodes = new Set([20003, 20008]);
/** Too many requests; the number's queue is full. */
const slowDownCodes = new Set([20429, 21611, 30001]);

/** The wait that a `Retry-After` header asks for, seconds or an HTTP date, in milliseconds; 0 for none. */
export function retryAfterMs(header: unknown, now: number): number {
  if (typeof header !== "string" || header.trim() === "") return 0;
  const seconds = Number(header);
  const ms = Number.isNaN(seconds) ? Date.parse(header) - now : seconds * 1_000;
  return Number.isFinite(ms) && ms > 0 ? ms : 0;
}

/** Sorts whatever the SDK threw. Twilio's own words are left out: they name the number that was texted. */
export function toTwilioError(error: unknown): TwilioError {
  if (error instanceof TwilioError) return error;
  // Anything without an answer of Twilio's is a send whose outcome nobody knows.
  if (!(error instanceof twilio.RestException)) {
    const why = error instanceof Error && "code" in error ? error.code : "no code";
    return new TwilioError("unknown", 0, `no answer of Twilio's (${why})`, error);
  }
  const { status } = error;
  const code = error.code ?? 0;
  return new TwilioError(kindOf(status, code), code, `Twilio answered ${status}, code ${code}`, undefined);
}

function kindOf(status: number, code: number): TwilioErrorKind {
  if (status === 401 || credentialCodes.has(code)) return "credentials";
  if (status === 429 || slowDownCodes.has(code)) return "rate_limited";
  return status >= 400 && status < 500 ? "rejected" : "unknown";
}
