import { parsePhoneNumberFromString } from "libphonenumber-js";

/**
 * A phone number as E.164, or undefined when it is none. Where it names no country it is read in that of `businessPhone`
 * (E.164). A number that no numbering plan knows is accepted when it looks like E.164 once its punctuation is gone.
 */
export function toE164(text: string, businessPhone: string): string | undefined {
  const defaultCallingCode = parsePhoneNumberFromString(businessPhone)?.countryCallingCode;
  const parsed = parsePhoneNumberFromString(text, defaultCallingCode ? { defaultCallingCode } : undefined);
  if (parsed?.isPossible() && parsed.ext === undefined) return parsed.number;
  const bare = text.replace(/[\s().\-/]/g, "");
  return /^\+\d{7,15}$/.test(bare) ? bare : undefined;
}
