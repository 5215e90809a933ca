import { randomBytes } from "node:crypto";
import { z } from "zod";

const formSchema = z.record(z.string(), z.union([z.string(), z.array(z.string())]));

/** A parsed form or query string, as its last single value or as all of them. */
export type Form = { one(name: string): string | undefined; all(name: string): string[] };

/** Reads what a parser made of a form; anything else is an empty form. */
export function readForm(parsed: unknown): Form {
  const fields = formSchema.safeParse(parsed).data ?? {};
  const all = (name: string): string[] => [fields[name] ?? []].flat();
  return { one: (name) => all(name).at(-1), all };
}

/** A new Twilio sid: the two-letter prefix and 32 hexadecimal digits. */
export function newSid(prefix: "SM" | "MM" | "CA"): string {
  return `${prefix}${randomBytes(16).toString("hex")}`;
}

const E164 = /^\+[1-9]\d{6,14}$/;

/** Whether it could be a phone number: E.164. */
export function isPhoneNumber(text: string): boolean {
  return E164.test(text);
}
