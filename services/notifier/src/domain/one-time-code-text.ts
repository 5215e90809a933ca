import { plainAscii } from "./plain-text.ts";

/** A code's text, in GSM-7. The code is its first four-digit number, which readers rely on: a name that holds one is left out. */
export function oneTimeCodeText(businessName: string, code: string): string {
  const name = plainAscii(businessName, 40).replaceAll("`", "'");
  const whose = name && !/\d{4}/.test(name) ? `${name} ` : "";
  return `Your ${whose}code is ${code}. It expires in 10 minutes.`;
}
