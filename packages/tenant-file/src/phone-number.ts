import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from "libphonenumber-js";

/** Two letters, e.g. "US". */
export function isCountry(text: string): text is CountryCode {
  return isSupportedCountry(text);
}

/**
 * A phone number as E.164, or undefined when it is none.
 *
 * Read in `country` where no country code is given. A number that no numbering plan knows is accepted when it looks
 * like E.164 once its punctuation is gone: made-up numbers such as +1-555-1234 are used in trials.
 */
export function normalisePhoneNumber(text: string, country: CountryCode): string | undefined {
  const parsed = parsePhoneNumberFromString(text, country);
  if (parsed?.isValid() && parsed.ext === undefined) return parsed.number;
  const bare = text.replace(/[\s().\-/]/g, "");
  return /^\+[1-9]\d{6,14}$/.test(bare) ? bare : undefined;
}
