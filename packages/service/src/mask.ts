/** E.164, also as a part of an address: 7 to 15 digits, the last four apart. */
const e164 = /(?:\+|%2B)\d{3,11}(\d{4})\b/gi;
/** What is escaped in JSON, of which nothing may be taken away, or an e-mail address. */
const escapeOrEmail = /\\u[\da-f]{4}|\\.|[\w.+%-]{1,64}(?:@|%40)(?:[\w-]+\.)+[a-z]{2,}/gi;

const phoneInAnyWriting = /^\+?[\d\s().-]{5,25}$/;

/** A phone number as logs may show it: its last four digits, e.g. `***0123`; `***` for what stands in its place and is none. */
export function maskPhone(phone: string): string {
  if (phone === "") return "";
  return phoneInAnyWriting.test(phone) ? `***${phone.replace(/\D/g, "").slice(-4)}` : "***";
}

/** A text, which may be JSON and stays it, with phone numbers reduced to their last four digits, and e-mail addresses to `***`. */
export function maskContacts(text: string): string {
  return text.replace(escapeOrEmail, (found) => (found.startsWith("\\") ? found : "***")).replace(e164, "***$1");
}
