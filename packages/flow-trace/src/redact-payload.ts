import { maskContacts, maskPhone } from "@bookproof/service";

export type Payload = Record<string, string | number | boolean | null | undefined | readonly string[]>;

/** Keys whose values tell about a person; only whether they are set is kept. */
const personal = /^(body|text|reply|name|email|address|code|otp)$|(Name|Email|Address|Body|Text|Code)$/;

/** Keys whose values are phone numbers. Webhooks and models may put something else there. */
const phoneKeys = new Set(["phone", "from", "to"]);

/**
 * What may be stored and logged of a payload: personal values become set|unset, phone numbers their last four digits, e-mail
 * addresses `***`.
 */
export function redactPayload(payload: Payload): Payload {
  return Object.fromEntries(
    Object.entries(payload).map(([key, value]) => {
      if (personal.test(key)) return [key, value ? "set" : "unset"];
      if (typeof value !== "string") return [key, value];
      return [key, phoneKeys.has(key) ? maskPhone(value) : maskContacts(value)];
    }),
  );
}
