import { BookproofError } from "@bookproof/errors";
import { z } from "zod";

const text = z.string("must be given once").optional();

const uuidOrNothing = /^$|^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

const limitRule = "must be a whole number from 1 to 1000";

/** The query of the debug endpoint. */
export const journeyQuery = z.object({
  cid: text,
  phone: text,
  tenantId: z.string("must be given once").regex(uuidOrNothing, "must be a UUID").toLowerCase().optional(),
  limit: z
    .string(limitRule)
    .regex(/^\d{1,4}$/, limitRule)
    .transform(Number)
    .refine((limit) => limit >= 1 && limit <= 1_000, limitRule)
    .optional(),
});

export type JourneySubject = { $case: "cid"; value: string } | { $case: "phone"; value: string };

/** Says that nothing was found, without repeating what was looked for. */
export const unknownJourney = () =>
  new BookproofError("conversation_not_found", "Nothing is known under that cid or phone number.");

/**
 * What is looked for.
 * @param cidOfPath where the path names the cid
 * @throws BookproofError `invalid_argument` unless exactly one cid or phone is given, `conversation_not_found` for what no journey can be called.
 */
export function journeySubject(
  query: { cid?: string | undefined; phone?: string | undefined },
  cidOfPath?: string,
): JourneySubject {
  const { phone } = query;
  const cid = cidOfPath || query.cid;
  if (cid && phone) throw new BookproofError("invalid_argument", "Give either cid or phone, not both.");
  if (cidOfPath && query.cid) throw new BookproofError("invalid_argument", "Give the cid once.");
  if (cid) return { $case: "cid", value: journeyCid(cid) };
  if (phone) return { $case: "phone", value: normalisePhone(phone) };
  throw new BookproofError("invalid_argument", "Give a cid or a phone number.");
}

/** A cid as it may be asked for. @throws BookproofError `conversation_not_found`: no journey is called by anything else. */
export function journeyCid(cid: string): string {
  const trimmed = cid.trim();
  if (!/^[\x21-\x7e]{1,100}$/.test(trimmed)) throw unknownJourney();
  return trimmed;
}

/** What people put between the digits, and the invisible marks around a number that was copied. */
const punctuation = /[\s\p{Pd}\p{Cf}().+/]/gu;

/**
 * A phone number as traces hold it: E.164, or a short code of at most 6 digits as it is. Takes punctuation, `tel:`, 00 for +, and
 * the space as which an unescaped `+` arrives in a query string.
 */
function normalisePhone(phone: string): string {
  const digits = phone
    .replace(/^\s*tel:/i, "")
    .replace(punctuation, "")
    .replace(/^00/, "");
  if (/^\d{3,6}$/.test(digits)) return digits;
  if (/^[1-9]\d{6,14}$/.test(digits)) return `+${digits}`;
  throw new BookproofError("invalid_argument", "phone must be a phone number like +15551230001.");
}
