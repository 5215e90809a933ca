import { parsePhoneNumberFromString } from "libphonenumber-js";

/**
 * A spoken or written phone number as E.164, "" when it is none. Read in the country of `businessPhone` where it names
 * none; a number that no plan knows counts when it looks like E.164 without its punctuation ("+1-555-1234").
 */
export function toE164(text: string, businessPhone: string): string {
  const country = parsePhoneNumberFromString(businessPhone)?.country ?? "US";
  const parsed = parsePhoneNumberFromString(text, country);
  if (parsed?.isValid() && parsed.ext === undefined) return parsed.number;
  const bare = text.replace(/[\s().\-/]/g, "");
  return /^\+[1-9]\d{6,14}$/.test(bare) ? bare : "";
}
