import { z } from "zod";

/** Any UUID, whatever version its digits claim. */
export const tenantId = z.guid("must be a UUID");

/** The tenant's own id of a calendar. */
export const calendarId = z.string().min(1, "must not be empty").max(200, "must have 200 characters at most");

/** Google's rule for ids that clients choose. */
export const eventId = z.string().regex(/^[a-v0-9]{5,1024}$/, "must be 5 to 1024 characters of a-v and 0-9");

/** The caller's own id of a blocked time. */
export const blockedTimeId = z.guid("must be a UUID");

/** A SHA-256, hex. */
export const sha256 = z.string().regex(/^[0-9a-f]{64}$/, "must be a SHA-256 in hex");

/** How many rows one answer may have. */
export const pageLimit = z.int().min(1, "must be 1 to 1000").max(1_000, "must be 1 to 1000");

export const timeRange = z
  .object({ from: z.date(), to: z.date() })
  .refine(({ from, to }) => from < to, "must begin before it ends");

const longestRangeMs = 400 * 24 * 60 * 60_000;

/** A range that is not too long to be asked for. */
export const shortRange = timeRange.refine(
  ({ from, to }) => to.getTime() - from.getTime() <= longestRangeMs,
  "must span 400 days at most",
);

/** The fields of GetEvent and DeleteEvent. */
export const eventAddress = z.object({ tenantId, calendarId, eventId });
