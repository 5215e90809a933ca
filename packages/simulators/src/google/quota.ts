import { z } from "zod";
import type { Grant } from "./oauth/tokens.ts";
import { GoogleRefusal } from "./refusal.ts";

/** Requests a minute that are let through; Google's own are 600 and 10,000. Absent: any number. */
export const quotaSchema = z.strictObject({
  perUser: z.int().positive().optional(),
  perProject: z.int().positive().optional(),
});
export type Quota = z.infer<typeof quotaSchema>;

export type QuotaCounter = {
  set(quota: Quota): void;
  /** @throws GoogleRefusal 403 userRateLimitExceeded, rateLimitExceeded */
  count(grant: Grant): void;
};

const MINUTE_MS = 60_000;

/** Counts over the last minute. `now` gives milliseconds since the epoch. */
export function createQuotaCounter(first: Quota, now: () => number): QuotaCounter {
  let quota = first;
  let seen: { user: string; at: number }[] = [];
  return {
    set(next) {
      quota = next;
      seen = [];
    },
    count({ account, id }) {
      if (quota.perUser === undefined && quota.perProject === undefined) return;
      const user = account ?? id;
      seen = seen.filter(({ at }) => at > now() - MINUTE_MS);
      if (seen.filter((request) => request.user === user).length >= (quota.perUser ?? Number.POSITIVE_INFINITY)) {
        throw usageLimit("userRateLimitExceeded", "User Rate Limit Exceeded");
      }
      if (seen.length >= (quota.perProject ?? Number.POSITIVE_INFINITY)) {
        throw usageLimit("rateLimitExceeded", "Rate Limit Exceeded");
      }
      seen.push({ user, at: now() });
    },
  };
}

function usageLimit(reason: string, message: string): GoogleRefusal {
  return new GoogleRefusal(403, reason, message, { domain: "usageLimits" });
}
