import { BookproofError } from "@bookproof/errors";
import { z } from "zod";
import { type Principal, tenantScope } from "./principal.ts";

const tenantId = z.guid("must be a UUID").toLowerCase().optional();
const calendarId = z
  .string({ error: ({ input }) => (input === undefined ? "is missing" : "must be a text, given once") })
  .min(1, "is missing")
  .max(200, "must have 200 characters at most");
const when = z.iso
  .datetime({ offset: true, error: "must be a time such as 2026-12-24T13:00:00-05:00" })
  .transform((text) => new Date(text));
const body = "must be a JSON object";

/** The link of a calendar that is to be made; `replace` ends the one that it has. */
export const newFeedBody = z.object(
  { tenantId, calendarId, replace: z.boolean("must be true or false").default(false) },
  body,
);

/** The calendar whose link is to end. */
export const feedQuery = z.object({ tenantId, calendarId });

/** A time that is to be blocked, in RFC 3339. */
export const blockBody = z
  .object({ tenantId, calendarId, from: when, to: when, reason: z.string("must be a text").default("") }, body)
  .refine(({ from, to }) => from < to, { path: ["to"], error: "must be later than from" });

/** Whose blocked times are asked for. */
export const blocksQuery = z.object({ tenantId, calendarId: calendarId.optional() });

/** Whose blocked time is to be opened again. */
export const unblockQuery = z.object({ tenantId });

/**
 * The tenant that a call is about: a tenant admin's own; a platform owner names one.
 * @throws BookproofError `tenant_not_found` when a tenant admin names another, `invalid_argument` when a platform owner names none
 */
export function tenantOfCall(principal: Principal, asked: string | undefined): string {
  const tenant = tenantScope(principal, asked);
  if (!tenant) throw new BookproofError("invalid_argument", "tenantId: is missing.");
  return tenant;
}
