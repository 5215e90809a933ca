import { BookproofError } from "@bookproof/errors";
import { z } from "zod";

const text = z.string("must be given once").optional();

const uuidOrNothing = /^$|^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** The query of the debug endpoint. */
export const journeyQuery = z.object({
  cid: text,
  phone: text,
  tenantId: z.string("must be given once").regex(uuidOrNothing, "must be a UUID").optional(),
  limit: z.coerce
    .number("must be a whole number from 1 to 1000")
    .int("must be a whole number from 1 to 1000")
    .min(1, "must be a whole number from 1 to 1000")
    .max(1_000, "must be a whole number from 1 to 1000")
    .optional(),
});

export type JourneySubject = { $case: "cid"; value: string } | { $case: "phone"; value: string };

/** Says that nothing was found, without repeating what was looked for. */
export const unknownJourney = () =>
  new BookproofError("conversation_not_found", "Nothing is known under that cid or phone number.");

/**
 * What is looked for.
 * @throws BookproofError `invalid_argument` unless exactly one of the two is given, `conversation_not_found` for what no journey can be called.
 */
export function journeySubject(query: { cid?: string | undefined; phone?: string | undefined }): JourneySubject {
  if (query.cid && query.phone) throw new BookproofError("invalid_argument", "Give either cid or phone, not both.");
  if (query.cid) return { $case: "cid", value: journeyCid(query.cid) };
  if (query.phone) return { $case: "phone", value: normalisePhone(query.phone) };
  throw new BookproofError("invalid_argument", "Give a cid or a phone number.");
}

/** A cid as it may be asked for. @throws BookproofError `conversation_not_found`: no journey is called by anything else. */
export function journeyCid(cid: string): string {
  const trimmed = cid.trim();
  if (!/^[\x21-\x7e]{1,100}$/.test(trimmed)) throw unknownJourney();
  return trimmed;
}

/** E.164 of a phone number as it stands in a query string, where an unescaped `+` arrives as a space. */
function normalisePhone(phone: string): string {
  const digits = phone.replace(/[\s().+-]/g, "");
  if (!/^\d{5,15}$/.test(digits))
    throw new BookproofError("invalid_argument", "phone must be a phone number like +15551230001.");
  return `+${digits}`;
}
