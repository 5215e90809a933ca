import { z } from "zod";

/** Which requests a rule is for: every field that is present must hold. Texts are compared exactly unless stated. */
const faultMatchSchema = z.strictObject({
  /** HTTP method, any case. */
  method: z.string().optional(),
  /** Substring of the path with its query, percent-encoded or decoded. */
  path: z.string().optional(),
  /** The API's own name of the method, as `calendar.events.insert`; Google only. */
  operation: z.string().optional(),
  /** E.164; Twilio only. */
  to: z.string().optional(),
  /** E.164; Twilio only. */
  from: z.string().optional(),
  /** Substring of the text: the SMS body or TwiML at Twilio, the JSON body at Google. */
  bodyContains: z.string().optional(),
});

/**
 * One planned fault.
 *
 * - `fail-before`: answers the error, does nothing.
 * - `time-out-before`: does nothing; never answers, or answers the error after `delayMs`.
 * - `time-out-after`: does it; never answers, or answers the truth only after `delayMs`.
 * - `error-after`: does it, then answers the error.
 * - `drop`: destroys the socket, `when` "before" doing it (the default) or "after".
 * - `delay`: does it and answers the truth, `delayMs` late.
 *
 * What happens "after" presupposes that the request succeeded: a request that the simulator itself refuses does not use
 * the rule up.
 */
export const faultRuleSchema = z.strictObject({
  match: faultMatchSchema.default({}),
  kind: z.enum(["fail-before", "time-out-before", "time-out-after", "error-after", "drop", "delay"]),
  /** How many requests it strikes; absent means all of them. */
  times: z.int().positive().optional(),
  /** How many matching requests it lets through first. */
  skip: z.int().nonnegative().default(0),
  /** The share of matching requests that it strikes, drawn for each by `seed`; 1 strikes all. */
  rate: z.number().min(0).max(1).default(1),
  seed: z.int().default(1),
  /** HTTP status of the error; 500 when absent, 503 for a late answer. */
  status: z.int().min(400).max(599).optional(),
  /** The vendor's own code: a number at Twilio (21610), a reason at Google ("rateLimitExceeded", "invalid_grant"). */
  code: z.union([z.int(), z.string()]).optional(),
  message: z.string().optional(),
  /** The error's `Retry-After`, in seconds. */
  retryAfter: z.int().nonnegative().optional(),
  delayMs: z.int().nonnegative().optional(),
  when: z.enum(["before", "after"]).default("before"),
});

/** A rule as a caller writes it: everything but `kind` may be left out. */
export type FaultRuleInput = z.input<typeof faultRuleSchema>;
export type FaultRule = z.output<typeof faultRuleSchema>;
export type FaultMatch = FaultRule["match"];

/** What a simulator knows of a request, for rules to match on. */
export type RequestFacts = {
  method: string;
  path: string;
  operation?: string | undefined;
  to?: string | undefined;
  from?: string | undefined;
  text?: string | undefined;
};

/** Whether the rule's `match` holds for the request. */
export function matchesRequest(match: FaultMatch, facts: RequestFacts): boolean {
  if (match.method !== undefined && match.method.toUpperCase() !== facts.method.toUpperCase()) return false;
  if (match.path !== undefined && !facts.path.includes(match.path) && !decodePath(facts.path).includes(match.path)) {
    return false;
  }
  if (match.operation !== undefined && match.operation !== facts.operation) return false;
  if (match.to !== undefined && match.to !== facts.to) return false;
  if (match.from !== undefined && match.from !== facts.from) return false;
  return match.bodyContains === undefined || (facts.text ?? "").includes(match.bodyContains);
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
