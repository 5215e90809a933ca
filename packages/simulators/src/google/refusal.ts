/** One entry of an error's list. */
export type GoogleErrorItem = {
  domain: string;
  reason: string;
  message: string;
  locationType?: string;
  location?: string;
};

/** The Calendar API's error body. Source: https://developers.google.com/workspace/calendar/api/guides/errors */
export type GoogleErrorBody = {
  error: { code: number; message: string; errors: GoogleErrorItem[]; status?: string };
};

/** `error.status`, where the API adds it. */
const STATUS_NAMES = new Map([
  [401, "UNAUTHENTICATED"],
  [403, "PERMISSION_DENIED"],
  [429, "RESOURCE_EXHAUSTED"],
  [500, "INTERNAL"],
  [503, "UNAVAILABLE"],
]);

/** The body of an error with one entry. */
export function googleErrorBody(code: number, item: GoogleErrorItem): GoogleErrorBody {
  const status = STATUS_NAMES.get(code);
  return {
    error: { errors: [item], code, message: item.message, ...(status === undefined ? {} : { status }) },
  };
}

/** Thrown by a route to answer with one of the API's errors. */
export class GoogleRefusal extends Error {
  readonly code: number;
  readonly item: GoogleErrorItem;

  constructor(code: number, reason: string, message: string, more: Partial<GoogleErrorItem> = {}) {
    super(message);
    this.name = "GoogleRefusal";
    this.code = code;
    this.item = { domain: "global", reason, message, ...more };
  }
}

type Known = { domain: string; message: string };

/** Domain and text of the documented reasons. */
const REASONS = new Map<string, Known>([
  ["authError", { domain: "global", message: "Invalid Credentials" }],
  ["rateLimitExceeded", { domain: "usageLimits", message: "Rate Limit Exceeded" }],
  ["userRateLimitExceeded", { domain: "usageLimits", message: "User Rate Limit Exceeded" }],
  ["quotaExceeded", { domain: "usageLimits", message: "Calendar usage limits exceeded." }],
  ["notFound", { domain: "global", message: "Not Found" }],
  ["duplicate", { domain: "global", message: "The requested identifier already exists." }],
  ["deleted", { domain: "global", message: "Resource has been deleted" }],
  ["fullSyncRequired", { domain: "calendar", message: "Sync token is no longer valid, a full sync is required." }],
  ["conditionNotMet", { domain: "global", message: "Precondition Failed" }],
  ["backendError", { domain: "global", message: "Backend Error" }],
]);

const REASON_OF_STATUS = new Map([
  [401, "authError"],
  [403, "userRateLimitExceeded"],
  [404, "notFound"],
  [409, "duplicate"],
  [410, "fullSyncRequired"],
  [412, "conditionNotMet"],
  [429, "rateLimitExceeded"],
]);

/** A documented error by HTTP status, and by its reason where one status has several. */
export function documentedError(code: number, reason?: string, message?: string): GoogleErrorBody {
  const name = reason ?? REASON_OF_STATUS.get(code) ?? "backendError";
  const known = REASONS.get(name) ?? { domain: "global", message: name };
  return googleErrorBody(code, { domain: known.domain, reason: name, message: message ?? known.message });
}
