import { z } from "zod";

/**
 * What became of a question to Google. `unanswered` covers 5xx, time-outs, dropped connections and answers that make
 * no sense: what was asked may have been done.
 */
export type GoogleFailureKind =
  | "grant_gone"
  | "unauthorized"
  | "rate_limited"
  | "exists"
  | "absent"
  | "refused"
  | "unanswered";

/** Carries no vendor's error object: those hold tokens and the customer's data. */
export class GoogleFailure extends Error {
  readonly kind: GoogleFailureKind;
  /** Whether the question itself went out; false when signing in failed before. */
  readonly sent: boolean;

  constructor(kind: GoogleFailureKind, what: { sent: boolean; says: string }) {
    super(`Google: ${what.says}`);
    this.name = "GoogleFailure";
    this.kind = kind;
    this.sent = what.sent;
  }
}

/** The error of the Calendar API, or of the token endpoint, where `error` is a code (RFC 6749, 5.2). */
const refusal = z.object({
  response: z.object({
    status: z.int(),
    data: z
      .object({
        error: z.union([z.string(), z.object({ errors: z.array(z.object({ reason: z.string() })).optional() })]),
        error_description: z.string().optional(),
      })
      .optional()
      .catch(undefined),
  }),
});

const withCode = z.object({ code: z.union([z.string(), z.number()]) });

const rateLimits = new Set(["rateLimitExceeded", "userRateLimitExceeded", "quotaExceeded", "dailyLimitExceeded"]);

/** Sorts what Google's library threw. Source: https://developers.google.com/workspace/calendar/api/guides/errors */
export function toGoogleFailure(error: unknown, step: "signing in" | "call"): GoogleFailure {
  if (error instanceof GoogleFailure) return error;
  const answer = refusal.safeParse(error).data?.response;
  const body = answer?.data?.error;
  const sent = step === "call" && typeof body !== "string";
  if (!answer) {
    const code = withCode.safeParse(error).data?.code ?? (error instanceof Error ? error.name : typeof error);
    return new GoogleFailure("unanswered", { sent, says: `${step}: no answer (${code})` });
  }
  const reasons = typeof body === "string" ? [body] : (body?.errors ?? []).map((item) => item.reason);
  const says = `${step}: ${answer.status} ${reasons.join(" ")}`;
  const kind = sent
    ? kindOfCall(answer.status, reasons)
    : kindOfSignIn(answer.status, reasons, answer.data?.error_description ?? "");
  return new GoogleFailure(kind, { sent, says });
}

function kindOfCall(status: number, reasons: string[]): GoogleFailureKind {
  if (status === 401) return "unauthorized";
  if (status === 429 || reasons.some((reason) => rateLimits.has(reason))) return "rate_limited";
  if (status === 409) return "exists";
  if (status === 404 || status === 410) return "absent";
  return isRefusal(status) ? "refused" : "unanswered";
}

function kindOfSignIn(status: number, reasons: string[], description: string): GoogleFailureKind {
  // A clock that is wrong gives invalid_grant as well; the grant is good.
  if (reasons.includes("invalid_grant")) return /short-lived token/.test(description) ? "refused" : "grant_gone";
  if (status === 429) return "rate_limited";
  return isRefusal(status) ? "refused" : "unanswered";
}

/** 408 says that the server gave up waiting, not that it did nothing. */
function isRefusal(status: number): boolean {
  return status >= 400 && status < 500 && status !== 408;
}
