import { maskPhone } from "@bookproof/service";

export type Payload = Record<string, string | number | boolean | null | undefined | readonly string[]>;

/** Keys whose values tell about a person; only whether they are set is kept. */
const personal = /^(body|text|reply|name|email|address|code|otp)$|(Name|Email|Address|Body|Text|Code)$/;

const e164 = /\+\d{7,15}\b/g;

/** What may be stored and logged of a payload: personal values become set|unset, phone numbers their last four digits. */
export function redactPayload(payload: Payload): Payload {
  return Object.fromEntries(
    Object.entries(payload).map(([key, value]) => {
      if (personal.test(key)) return [key, value ? "set" : "unset"];
      return [key, typeof value === "string" ? value.replace(e164, maskPhone) : value];
    }),
  );
}
